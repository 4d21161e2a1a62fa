// Speaks to screen readers: new messages of the open room, in batches; failures at once. The list itself is
// silent, since a window of rows would be read again and again.
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { assertive, polite } from '../../kit/announce';
import { blocked } from '../../store/blocks';
import { openRoom, segmentOf } from '../../store/messages';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { t } from '../words/texts';
import { speaker } from './speaker';

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
  const voice = speaker((n) => t().newMessages(n));
  const stop = effect(() => {
    const open = openRoom.value;
    const segment = open === undefined ? undefined : segmentOf(open).value;
    if (open !== room) {
      room = open;
      known = undefined;
      voice.stop();
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
    const added = segment.messages.filter(
      (m) =>
        m.seq > before && m.author_id !== me.peek()?.id && !m.deleted_at && !blocked.peek().has(m.author_id),
    );
    voice.say(...added.map((m) => () => t().said(nameOf(m.author_id), m.body.slice(0, spoken))));
  });
  return () => {
    stop();
    voice.stop();
  };
}
