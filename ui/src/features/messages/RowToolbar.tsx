// The toolbar of a message. Only the row with the pointer or the focus has one. For fingers it is one button,
// which opens the sheet.
import { Ellipsis, Pencil, SmilePlus } from 'lucide';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../../kit/Button';
import { Menu } from '../../kit/Menu';
import { isTouch } from '../../kit/touch';
import type { Message } from '../../store/messages';
import { prefs } from '../../store/prefs';
import { openPicker } from '../emoji/open';
import { editItem, isMine, itemsOf } from './messageItems';
import { react } from './Reactions';
import css from './RowToolbar.module.css';
import { openSheet } from './sheet';
import { t } from './texts';

interface Props {
  message: Message;
  member: boolean;
}

export function RowToolbar({ message, member }: Props) {
  const d = t();
  const bar = useRef<HTMLDivElement>(null);
  const row = () => bar.current?.closest('article') ?? null;
  // Enter was pressed on the row before the code of the toolbar was there.
  useLayoutEffect(() => {
    const at = row();
    if (at?.dataset.entered !== undefined && at.contains(document.activeElement)) {
      bar.current?.querySelector('button')?.focus();
    }
    delete at?.dataset.entered;
  }, []);
  const pick = () => {
    if (bar.current) {
      openPicker(bar.current, (emoji) => void react(message, emoji));
    }
  };
  const own = isMine(message) ? editItem(message) : undefined;

  return (
    <div class={css.room}>
      <div class={css.place}>
        <div ref={bar} class={css.bar} role="toolbar" aria-label={d.toolbar}>
          {isTouch() ? (
            <IconButton
              icon={Ellipsis}
              label={d.more}
              aria-haspopup="dialog"
              small
              onClick={() => openSheet(message, member)}
            />
          ) : (
            <>
              {member && (
                <>
                  {prefs.value.recentEmoji.slice(0, 6).map((emoji) => (
                    <button
                      key={emoji}
                      type="button"
                      class={css.emoji}
                      aria-label={d.reactWith(emoji)}
                      title={d.reactWith(emoji)}
                      onClick={() => void react(message, emoji)}
                    >
                      {emoji}
                    </button>
                  ))}
                  <IconButton icon={SmilePlus} label={d.react} small onClick={pick} />
                </>
              )}
              {own && <IconButton icon={Pencil} label={own.label} small onClick={own.run} />}
              <Menu label={d.more} icon={Ellipsis} items={itemsOf(message, member, row)} small />
            </>
          )}
        </div>
      </div>
    </div>
  );
}
