// Asks before something is done that takes away from somebody, and shows in the same place why it failed.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../kit/Button';
import { Dialog } from '../../kit/Dialog';
import { closeQuestion } from '../../kit/dialogs';
import { focusAfterPointer } from '../../kit/focus';
import form from '../../kit/form.module.css';
import { Problem } from '../../kit/Problem';
import { toast } from '../../kit/toasts';
import type { Result } from '../../net/result';
import { failureText } from '../failures/failureText';
import { t } from './texts';

export interface Asked {
  title: string;
  /** What the button says that does it. */
  act: string;
  /** Does it. What it returns is shown when it is a failure. */
  run: () => Promise<Result<unknown> | undefined>;
  /** Said when it is done. */
  done?: string;
  /** What happens then, and whether it can be taken back. */
  children: ComponentChildren;
}

export function Question({ title, act, run, done, children }: Asked) {
  const d = t();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const close = () => {
    focusAfterPointer();
    closeQuestion();
  };
  const go = async () => {
    setBusy(true);
    const result = await run();
    setBusy(false);
    if (result && !result.ok) {
      setProblem(failureText(result.failure));
      return;
    }
    close();
    if (done) {
      toast(done);
    }
  };

  return (
    <Dialog
      title={title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{d.cancel}</Button>
          <Button kind="destroy" busy={busy} onClick={() => void go()}>
            {act}
          </Button>
        </>
      }
    >
      <div class={form.form}>
        {children}
        <Problem text={problem} />
      </div>
    </Dialog>
  );
}

/** Asks before a text is thrown away that nobody else has. */
export function Discard({ discard }: { discard: () => void }) {
  const d = t();
  const run = async () => {
    discard();
    return undefined;
  };
  return (
    <Question title={d.discardAsk} act={d.discard} run={run}>
      <p>{d.discardText}</p>
    </Question>
  );
}
