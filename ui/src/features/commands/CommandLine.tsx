// The line above a field that says why a text such as `/join` was not sent or saved, and how to do it.
import { Button } from '../../kit/Button';
import css from './CommandLine.module.css';
import { t } from './texts';

interface Props {
  command: string;
  /** Sends or saves the text as it is. */
  onSend: () => void;
  /** The text is that of a message that was sent before. */
  edits?: boolean;
}

export function CommandLine({ command, onSend, edits }: Props) {
  const d = t();
  return (
    <div class={css.line} role="alert">
      <p class={css.words}>{edits ? d.noCommandEdit(command) : d.noCommand(command)}</p>
      <Button onClick={onSend}>{edits ? d.saveAsIs : d.sendAsIs}</Button>
    </div>
  );
}
