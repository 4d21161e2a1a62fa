// Emoji: which text is one, and the one form of each.

package actions

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/chat"
)

const (
	textForm    = '\ufe0e' // after a character: shown as text
	pictureForm = '\ufe0f' // shown as a picture
	keycap      = '\u20e3'

	// keycaps lists the characters that an emoji can show on a key.
	keycaps = "0123456789#*"
)

// textFirst lists the emoji that are shown as text unless pictureForm follows: Unicode's Emoji without
// Emoji_Presentation. Those of later versions of Unicode are all pictures. store/migrations/0017_emoji.sql has the
// same list.
const textFirst = "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌨⏏⏭⏮⏯⏱⏲⏸⏹⏺Ⓜ▪▫▶◀◻◼☀☁☂☃☄☎☑☘☝☠☢☣☦☪☮☯☸☹☺♀♂♟♠♣♥♦♨♻♾⚒⚔⚕⚖⚗⚙⚛⚜⚠⚧" +
	"⚰⚱⛈⛏⛑⛓⛩⛰⛱⛴⛷⛸⛹✂✈✉✌✍✏✒✔✖✝✡✳✴❄❇❣❤➡⤴⤵⬅⬆⬇〰〽㊗㊙🅰🅱🅾🅿🈂🈷🌡🌤🌥🌦🌧🌨🌩🌪🌫🌬🌶🍽🎖🎗🎙🎚🎛🎞🎟🏋🏌🏍🏎🏔" +
	"🏕🏖🏗🏘🏙🏚🏛🏜🏝🏞🏟🏳🏵🏷🐿👁📽🕉🕊🕯🕰🕳🕴🕵🕶🕷🕸🕹🖇🖊🖋🖌🖍🖐🖥🖨🖱🖲🖼🗂🗃🗄🗑🗒🗓🗜🗝🗞🗡🗣🗨🗯🗳🗺🛋🛍🛎🛏🛠🛡🛢🛣🛤🛥🛩🛰🛳"

// checkEmoji returns a reaction in its one form. It must be one emoji, as far as one can tell without a table of all
// emoji. People's devices write the same emoji in several forms, with and without the characters that ask for a
// picture.
func checkEmoji(emoji string) (string, error) {
	wrong := emoji == "" || len(emoji) > maxEmoji
	pictures := 0
	for _, r := range emoji {
		switch {
		case r == joiner, r == textForm, r == pictureForm, r == keycap:
		case strings.ContainsRune(keycaps, r), tag(r):
		case picture(r):
			pictures++
		default:
			wrong = true
		}
	}
	if wrong || (pictures == 0 && !strings.ContainsRune(emoji, keycap)) {
		return "", chat.InvalidField("emoji", "one emoji of at most %d bytes", maxEmoji)
	}
	if emoji = qualified(emoji); len(emoji) > maxEmoji {
		return "", chat.InvalidField("emoji", "one emoji of at most %d bytes", maxEmoji)
	}
	return emoji, nil
}

// qualified returns an emoji in the form that Unicode calls fully qualified: pictureForm follows each character that
// would be text without it, and no other. Colors of skin stay what they are.
func qualified(emoji string) string {
	chars := []rune(strings.NewReplacer(string(textForm), "", string(pictureForm), "").Replace(emoji))
	var out strings.Builder
	for i, r := range chars {
		out.WriteRune(r)
		next := rune(0)
		if i+1 < len(chars) {
			next = chars[i+1]
		}
		if next == keycap || strings.ContainsRune(textFirst, r) && !skin(next) {
			out.WriteRune(pictureForm)
		}
	}
	return out.String()
}

// skin tells whether a character is a color of skin.
func skin(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// picture tells whether a character is a picture, or a color of skin: a symbol beyond ASCII, punctuation or a letter
// that has a picture, or one of the places that Unicode keeps for the emoji of later versions.
func picture(r rune) bool {
	return r >= 0xa9 && unicode.IsSymbol(r) && r != utf8.RuneError || r >= 0x1fa70 && r <= 0x1faff ||
		strings.ContainsRune("\u203c\u2049\u2139\u3030\u303d", r)
}
