// What can be done with a message, for the menu of its toolbar and for the sheet on a phone.
import { CircleUserRound, Copy, Flag, Link, MessageCircleOff, Pencil, Smile, Trash2 } from 'lucide';
import { copyText } from '../../kit/copy';
import { later } from '../../kit/lazy';
import type { MenuItem } from '../../kit/Menu';
import { leadsHere } from '../../kit/thisComputer';
import { toast } from '../../kit/toasts';
import { pathOf } from '../../router';
import { type Message, segmentOf } from '../../store/messages';
import { nameOf } from '../../store/people';
import { me } from '../../store/session';
import { failureText } from '../failures/failureText';
import { openCard } from '../members/panel';
import { startEdit } from '../message-dialogs/editing';
import { askDelete, openReport, openWhoReacted } from '../message-dialogs/open';
import { markUnreadFrom } from './history';
import { mayModerate } from './rights';
import { t } from './texts';

async function copy(text: string): Promise<void> {
  toast((await copyText(text)) ? t().copied : t().copyFailed);
}

const aboutLink = later(() => import('../message-dialogs/linkCopied').then((it) => it.linkCopied));

/** Says too when the link leads nowhere from another computer. */
async function copyLink({ room_id: room, seq }: Message): Promise<void> {
  const url = location.origin + pathOf({ name: 'room', room, seq });
  const said = leadsHere(url) && (await copyText(url)) && (await aboutLink());
  if (said) {
    toast(said());
  } else {
    await copy(url);
  }
}

export const isMine = (message: Message): boolean => message.author_id === me.value?.id;

/** The item that edits a message; only its author has it. */
export const editItem = ({ room_id: room, seq }: Message): MenuItem => ({
  label: t().editMessage,
  icon: Pencil,
  run() {
    // The sheet or the menu may have been open for a while.
    if (
      segmentOf(room)
        .peek()
        ?.messages.find((one) => one.seq === seq)?.deleted_at
    ) {
      toast(failureText({ code: 'deleted' }), { kind: 'error' });
    } else {
      startEdit(room, seq);
    }
  },
});

/** The items of a message's menu. `row` finds the row, where a card opens. Reads signals. */
export function itemsOf(message: Message, member: boolean, row: () => HTMLElement | null): MenuItem[] {
  const d = t();
  const { room_id: room, seq } = message;
  const mine = isMine(message);
  const items: MenuItem[] = [
    {
      label: d.copyLink,
      icon: Link,
      run: () => void copyLink(message),
    },
    { label: d.copyText, icon: Copy, run: () => void copy(message.body) },
  ];
  if (member) {
    items.push({ label: d.markUnread, icon: MessageCircleOff, run: () => markUnreadFrom(room, seq) });
  }
  if (message.reactions?.length) {
    items.push({ label: d.whoReacted, icon: Smile, run: () => openWhoReacted(room, seq) });
  }
  items.push({
    label: d.membersMore(nameOf(message.author_id)),
    icon: CircleUserRound,
    run: () => {
      const at = row();
      if (at) {
        openCard(at, room, message.author_id);
      }
    },
  });
  if (!mine) {
    items.push({ label: d.reportMessage, icon: Flag, run: () => openReport(message) });
  }
  if (mine || mayModerate(message)) {
    items.push({ label: d.deleteMessage, icon: Trash2, danger: true, run: () => askDelete(message) });
  }
  return items;
}
