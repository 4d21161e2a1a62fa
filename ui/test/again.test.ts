import { expect, test, vi } from 'vitest';
import { endSession, perSession } from '../src/perSession';
import { again } from '../src/sync/again';

function held() {
  const answers: (() => void)[] = [];
  const act = vi.fn(() => new Promise<void>((done) => answers.push(done)));
  return { act, answers, one: again(act) };
}

test('calls during a run cause one more run', async () => {
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

test('a run of an ended session is not repeated and does not delay the next session', async () => {
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

test('after a failure the next call runs', async () => {
  const act = vi.fn().mockRejectedValueOnce(new Error('broken')).mockResolvedValue(undefined);
  const one = again(act);
  await expect(one.run()).rejects.toThrow('broken');
  await one.run();
  expect(act).toHaveBeenCalledTimes(2);
});
