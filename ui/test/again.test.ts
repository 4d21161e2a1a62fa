import { expect, test, vi } from 'vitest';
import { endSession, perSession } from '../src/perSession';
import { again } from '../src/sync/again';

function held() {
  const answers: (() => void)[] = [];
  const act = vi.fn(() => new Promise<void>((done) => answers.push(done)));
  return { act, answers, one: again(act) };
}

test('what is asked for while an answer is on its way is asked once more after it', async () => {
  const { act, answers, one } = held();
  const done = one.run();
  void one.run();
  void one.run();
  expect(act).toHaveBeenCalledTimes(1);
  answers[0]?.();
  await vi.waitFor(() => expect(act).toHaveBeenCalledTimes(2));
  answers[1]?.();
  await done;
  expect(act).toHaveBeenCalledTimes(2);
});

test('what runs for the session before is not repeated, and does not hold up the next', async () => {
  const { act, answers } = held();
  const loader = perSession(() => again(act));
  const before = loader.now.run();
  void loader.now.run();
  endSession();
  const now = loader.now.run();
  expect(act).toHaveBeenCalledTimes(2);
  answers[0]?.();
  await before;
  expect(act).toHaveBeenCalledTimes(2);
  answers[1]?.();
  await now;
  expect(act).toHaveBeenCalledTimes(2);
});

test('a failure does not stop the next', async () => {
  const act = vi.fn().mockRejectedValueOnce(new Error('broken')).mockResolvedValue(undefined);
  const one = again(act);
  await expect(one.run()).rejects.toThrow('broken');
  await one.run();
  expect(act).toHaveBeenCalledTimes(2);
});
