// Tests of reactions that come without their message.
import { describe, expect, test } from 'vitest';
import type { ServerEvent } from '../src/net/socket';
import type { Message, MessageReactions, ReactionChanged } from '../src/net/types';
import { apply, caughtUp, hold, type Model } from '../src/sync/apply';
import { me, message, room, segment } from './known';

const places = new Map();
const thumb = '👍';
const party = '🎉';

function model(more: Partial<Model> = {}): Model {
  return {
    me,
    blocked: new Set(),
    epoch: 'e1',
    run: 'r1',
    rooms: new Map([[7, room()]]),
    segments: new Map([[7, segment(1, 3)]]),
    held: new Map(),
    members: new Map(),
    people: new Map(),
    directory: 4,
    pending: new Map(),
    activity: new Map(),
    ...more,
  };
}

/** A reaction to the message 2, which the segment has at rev 2. */
const reaction = (more: Partial<ReactionChanged> = {}): ServerEvent => ({
  event: 'reaction.changed',
  data: { room_id: 7, seq: 2, rev: 4, was: 2, emoji: thumb, user_id: 5, added: true, index: 0, ...more },
});

const at = (m: Model, seq: number): Message | undefined =>
  m.segments.get(7)?.messages.find((one) => one.seq === seq);
const answer = { room_id: 7, state: 'page' as const, messages: [], rev: 9, more: false };
const reactions = (more: Partial<MessageReactions> = {}): MessageReactions => ({
  seq: 2,
  rev: 9,
  text_rev: 2,
  reactions: [{ emoji: thumb, user_ids: [5] }],
  ...more,
});

describe('a live reaction', () => {
  test('changes the message and keeps its text', () => {
    const out = apply(model(), reaction(), places);
    expect(at(out.model, 2)).toEqual(message(2, 4, { reactions: [{ emoji: thumb, user_ids: [5] }] }));
    expect(out.model.segments.get(7)?.rev).toBe(4);
    expect(out.model.rooms.get(7)).toMatchObject({ rev: 4, seq: 3, read_seq: 3 });
    expect(out.wants).toEqual([]);
  });

  test('keeps the order of emoji and of people', () => {
    const steps: [Partial<ReactionChanged>, string][] = [
      [{ user_id: 5 }, '👍5'],
      [{ user_id: 6, emoji: party, index: 1 }, '👍5 🎉6'],
      [{ user_id: 7 }, '👍57 🎉6'],
      [{ user_id: 5, added: false, index: 1 }, '🎉6 👍7'],
      [{ user_id: 6, emoji: party, added: false }, '👍7'],
      [{ user_id: 7, added: false }, ''],
    ];
    let now = model();
    let rev = 3;
    for (const [step, want] of steps) {
      const was = at(now, 2)?.rev ?? 0;
      now = apply(now, reaction({ ...step, rev: ++rev, was }), places).model;
      const list = at(now, 2)?.reactions ?? [];
      expect(list.map((one) => one.emoji + one.user_ids.join('')).join(' ')).toBe(want);
    }
  });

  test('of the person counts once, when their own answer came first', () => {
    const once = apply(model(), reaction({ user_id: me }), places).model;
    const twice = apply(once, reaction({ user_id: me }), places);
    expect(twice.model.segments).toBe(once.segments);
    expect(twice.wants).toEqual([]);
  });

  test('to a message that is not loaded raises the rev only', () => {
    const known = model({ segments: new Map([[7, segment(3, 3)]]) });
    const out = apply(known, reaction(), places);
    expect(out.model.segments.get(7)).toMatchObject({ rev: 4, messages: [message(3)] });
    expect(out.wants).toEqual([]);
  });

  test('to a message at another rev waits, and asks for what changed', () => {
    const out = apply(model(), reaction({ was: 1 }), places);
    expect(at(out.model, 2)).toEqual(message(2));
    expect(out.model.segments.get(7)?.rev).toBe(3);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
    const whole = caughtUp(out.model, { ...answer, rev: 4 }, [], places, [reactions({ rev: 4 })]);
    expect(at(whole.model, 2)).toMatchObject({ rev: 4, body: 'm2', reactions: reactions().reactions });
    expect(whole.model.segments.get(7)?.rev).toBe(4);
    expect(whole.wants).toEqual([]);
  });

  test('after a hole waits too, and is applied after the answer', () => {
    const out = apply(model(), reaction({ rev: 5, was: 4 }), places);
    expect(out.wants).toEqual([{ kind: 'changes', room: 7 }]);
    const edited = message(2, 4, { body: 'edited' });
    const whole = caughtUp(out.model, { ...answer, rev: 4 }, [edited], places);
    expect(at(whole.model, 2)).toMatchObject({ rev: 5, body: 'edited', reactions: reactions().reactions });
    expect(whole.model.held.size).toBe(0);
  });

  test('to a message that a newer page brought changes nothing', () => {
    const newer = { ...segment(1, 3), messages: [message(1), message(2, 8), message(3)] };
    const out = apply(model({ segments: new Map([[7, newer]]) }), reaction(), places);
    expect(at(out.model, 2)).toEqual(message(2, 8));
    expect(out.model.segments.get(7)?.rev).toBe(4);
  });
});

describe('missed reactions', () => {
  test('replace those of the messages that are loaded', () => {
    const out = caughtUp(hold(model(), 7), answer, [message(4, 6)], places, [reactions()]);
    expect(at(out.model, 2)).toEqual(message(2, 9, { reactions: [{ emoji: thumb, user_ids: [5] }] }));
    expect(at(out.model, 4)?.body).toBe('m4');
    expect(out.wants).toEqual([]);
  });

  test('follow a text that came with an earlier part of the answer', () => {
    const edited = message(2, 6, { body: 'edited' });
    const out = caughtUp(hold(model(), 7), answer, [edited], places, [reactions({ text_rev: 6 })]);
    expect(at(out.model, 2)).toMatchObject({ rev: 9, body: 'edited', reactions: reactions().reactions });
  });

  test('to an older text have the page loaded', () => {
    const out = caughtUp(hold(model(), 7), answer, [], places, [reactions({ text_rev: 6 })]);
    expect(at(out.model, 2)).toEqual(message(2));
    expect(out.model.segments.get(7)?.rev).toBe(3);
    expect(out.wants).toEqual([{ kind: 'page', room: 7 }]);
  });

  test('to a new message whose text did not come have the page loaded', () => {
    const missed = reactions({ seq: 4, text_rev: 6 });
    for (const others of [[], [message(5, 7)]]) {
      const out = caughtUp(hold(model(), 7), answer, others, places, [missed]);
      expect(out.wants).toEqual([{ kind: 'page', room: 7 }]);
    }
  });

  test('to messages that are not loaded are left out', () => {
    const known = { ...segment(2, 3), after: true };
    const all = [reactions({ seq: 1, text_rev: 6 }), reactions({ seq: 9, text_rev: 6 })];
    const out = caughtUp(hold(model({ segments: new Map([[7, known]]) }), 7), answer, [], places, all);
    expect(out.model.segments.get(7)).toMatchObject({ rev: 9, messages: known.messages, after: true });
    expect(out.wants).toEqual([]);
  });
});
