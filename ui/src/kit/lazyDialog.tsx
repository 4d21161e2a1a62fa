// Components that take keys, and whose code is fetched ahead.
import type { ComponentType } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { closeDialog, closeQuestion, dialog, question } from './dialogs';
import { dropKeys, holdKeys } from './held';
import { useLayer } from './layers';
import { lazy } from './lazy';

function drop(): void {
  dropKeys();
  (question.peek() ? closeQuestion : closeDialog)();
}

function Holding(): null {
  useLayer(drop, Boolean(dialog.peek() ?? question.peek()));
  useLayoutEffect(() => {
    const handOver = holdKeys();
    return () => void handOver();
  }, []);
  return null;
}

const options = {
  ahead: true,
  waiting: () => <Holding />,
  failed: () => {
    dropKeys();
    closeDialog();
    closeQuestion();
  },
};

/** A dialog, or another component with a field. What is typed before its code is there is typed into it. */
export const lazyDialog = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazy(load, options);
