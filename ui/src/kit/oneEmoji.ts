// The one form of an emoji. Pure.

// Characters that are shown as text unless U+FE0F follows. Signs of keys are such only before the frame of a key.
const asText = /(?![\p{Emoji_Presentation}\d#*])\p{Emoji}(?![\u{1f3fb}-\u{1f3ff}])|[\d#*](?=\u20e3)/gu;

/** An emoji as the server stores it, whichever way a device or a list writes it: actions/emoji.go. */
export const oneEmoji = (emoji: string): string =>
  emoji.replace(/[\ufe0e\ufe0f]/g, '').replace(asText, '$&\ufe0f');
