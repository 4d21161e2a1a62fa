// A QR code as one SVG path; the encoder is fetched when the first one is shown.
import { useEffect, useState } from 'preact/hooks';
import css from './QrCode.module.css';

interface Props {
  text: string;
  label: string;
}

/** Empty modules around the code. Scanners need them. */
const quiet = 3;

export function QrCode({ text, label }: Props) {
  const [rows, setRows] = useState<boolean[][]>([]);
  useEffect(() => {
    let shown = true;
    void import('uqr').then(({ encode }) => {
      if (shown) {
        setRows(encode(text, { border: quiet }).data);
      }
    });
    return () => {
      shown = false;
    };
  }, [text]);
  const size = rows.length || 1;
  return (
    <svg class={css.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path(rows)} shape-rendering="crispEdges" />
    </svg>
  );
}

function path(rows: boolean[][]): string {
  return rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
}
