// Speaks to screen readers: new messages of the open room, in batches; failures at once. The list itself is silent,
// since a window of rows would be read again and again.
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../actions';
import { t } from '../i18n';
import { type Message, openRoom, segmentOf } from '../store/messages';
import { nameOf } from '../store/people';
import { prefs } from '../store/prefs';
import { me } from '../store/session';
import { assertive, polite } from '../store/ui';

const batchFor = 2_000;
const manyFrom = 4;
const spoken = 200;

export function Announcer() {
  useEffect(follow, []);
  return (
    <>
      <div class="hidden" aria-live="polite" data-announcer="polite">
        <span key={polite.value.id}>{polite.value.text}</span>
      </div>
      <div class="hidden" aria-live="assertive" data-announcer="assertive">
        <span key={assertive.value.id}>{assertive.value.text}</span>
      </div>
    </>
  );
}

function follow(): () => void {
  let room: number | undefined;
  let known: number | undefined;
  let waiting: Message[] = [];
  let timer = 0;
  const speak = () => {
    timer = 0;
    const d = t();
    const text =
      waiting.length >= manyFrom
        ? d.newMessages(waiting.length)
        : waiting.map((m) => d.said(nameOf(m.author_id), m.body.slice(0, spoken))).join('\n');
    waiting = [];
    if (text && prefs.peek().announce) {
      announce(text);
    }
  };
  const stop = effect(() => {
    const open = openRoom.value;
    const segment = open === undefined ? undefined : segmentOf(open).value;
    if (open !== room) {
      room = open;
      known = undefined;
      waiting = [];
    }
    if (!segment || segment.after) {
      known = undefined;
      return;
    }
    const before = known;
    known = segment.messages.at(-1)?.seq ?? 0;
    if (before === undefined) {
      return;
    }
    for (const message of segment.messages) {
      if (message.seq > before && message.author_id !== me.peek()?.id && !message.deleted_at) {
        waiting.push(message);
      }
    }
    if (waiting.length && !timer) {
      // The first is said soon; what follows within two seconds is said together.
      timer = setTimeout(speak, waiting.length > 1 ? batchFor : 500);
    }
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
