// Copies text, also where the page is plain http and there is no clipboard API.

/** False when the browser does not let it happen. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  // Outside an open dialog nothing can be selected.
  const place = before?.closest('dialog') ?? document.body;
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'hidden';
  place.append(area);
  area.select();
  // Deprecated, and the only way without a secure context.
  const copied = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) {
    before.focus();
  }
  return copied;
}
