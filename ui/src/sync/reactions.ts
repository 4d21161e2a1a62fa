// Brings copies of messages up to what changed of their reactions. Pure.
import type { Message, MessageReactions, Reaction, ReactionChanged } from '../net/types';
import type { Segment } from '../store/messages';

/** The copy after one reaction changed. Undefined when the copy is not the message that the event changes. */
function reacted(copy: Message, event: ReactionChanged): Message | undefined {
  if (copy.rev >= event.rev) {
    return copy;
  }
  if (copy.rev !== event.was) {
    return undefined;
  }
  return { ...copy, rev: event.rev, reactions: changed(copy.reactions ?? [], event) };
}

function changed(list: readonly Reaction[], { emoji, user_id, added, index }: ReactionChanged): Reaction[] {
  const others = list.filter((one) => one.emoji !== emoji);
  const before = list.find((one) => one.emoji === emoji)?.user_ids ?? [];
  const ids = before.filter((id) => id !== user_id);
  if (added) {
    ids.push(user_id);
  }
  if (ids.length) {
    others.splice(index, 0, { emoji, user_ids: ids });
  }
  return others;
}

/**
 * The segment after one reaction changed. Undefined when its copy of the message is not the one that the event
 * changes. A message outside of the segment changes nothing.
 */
export function withReaction(segment: Segment, event: ReactionChanged): Segment | undefined {
  const at = place(segment, event.seq);
  const copy = segment.messages[at];
  const next = copy && reacted(copy, event);
  if (copy && !next) {
    return undefined;
  }
  const messages = next ? segment.messages.map((one, i) => (i === at ? next : one)) : segment.messages;
  return { ...segment, messages, rev: event.rev };
}

/**
 * The segment with all the reactions to some messages. Undefined when the text of one of its messages is older
 * than those reactions, or when a message is missing behind its last one. `after`: that may be missing.
 */
export function withReactions(
  segment: Segment,
  all: readonly MessageReactions[],
  after = segment.after,
): Segment | undefined {
  const messages = [...segment.messages];
  for (const { seq, rev, text_rev, reactions } of all) {
    const at = place(segment, seq);
    const copy = messages[at];
    if (copy ? copy.rev < text_rev : at >= messages.length && !after) {
      return undefined;
    }
    if (copy && copy.rev < rev) {
      messages[at] = { ...copy, rev, reactions: reactions ?? [] };
    }
  }
  return { ...segment, messages };
}

// Where a message is in a segment. Below 0 or beyond the end when the segment does not have it.
function place(segment: Segment, seq: number): number {
  return seq - (segment.messages[0]?.seq ?? seq);
}
