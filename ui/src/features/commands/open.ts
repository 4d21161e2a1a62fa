// Holds back what looks like a command. The code of the line about it is fetched ahead.
import { useState } from 'preact/hooks';
import { lazy } from '../../kit/lazy';
import { commandOf } from './command';

export const CommandLine = lazy(() => import('./CommandLine').then((it) => it.CommandLine), { ahead: true });

/**
 * For a field of text: the command that was held back, and a function that tells whether the text may go, now or as it
 * is. The command goes when the text begins with it no more.
 */
export function useCommand(text: string): [held: string | undefined, mayGo: (asIs: boolean) => boolean] {
  const [held, setHeld] = useState<string>();
  const command = commandOf(text);
  const mayGo = (asIs: boolean) => {
    setHeld(asIs ? undefined : command);
    return asIs || !command;
  };
  return [command === held ? held : undefined, mayGo];
}
