package markdown

import (
	"strings"
	"testing"
)

// para is the HTML of a paragraph.
func para(inside string) string { return "<p>" + inside + "</p>\n" }

// unchanged is the HTML of a text in which nothing has a meaning.
func unchanged(source string) string {
	return para(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "\n", "<br>\n").Replace(source))
}

func TestMarksInTextsOfAllScripts(t *testing.T) {
	for source, want := range map[string]string{
		// One tilde is a range, or a sound.
		"10~20 元，重量 3~5 公斤":        unchanged("10~20 元，重量 3~5 公斤"),
		"周一~周五，9:00~18:00":         unchanged("周一~周五，9:00~18:00"),
		"~10 km to ~20 km":         unchanged("~10 km to ~20 km"),
		"~/src and ~/bin":          unchanged("~/src and ~/bin"),
		"a ~b~ c":                  unchanged("a ~b~ c"),
		"好的~ 马上来~":                 unchanged("好的~ 马上来~"),
		"好的~~ 马上来~~":               unchanged("好的~~ 马上来~~"),
		"a ~~~b~~~ c":              unchanged("a ~~~b~~~ c"),
		"a ~~ b ~~ c":              unchanged("a ~~ b ~~ c"),
		"~~b~":                     unchanged("~~b~"),
		"**3~5** 天，**6~7** 天":      para("<strong>3~5</strong> 天，<strong>6~7</strong> 天"),
		"~~不要~~ 要":                 para("<del>不要</del> 要"),
		"这个~~不要~~了":                para("这个<del>不要</del>了"),
		"~~不要。~~要":                 para("<del>不要。</del>要"),
		"价格：~~“100 元”~~五十元":        para("价格：<del>“100 元”</del>五十元"),
		"~~**旧：**~~新":              para("<del><strong>旧：</strong></del>新"),
		"~~old.~~new":              unchanged("~~old.~~new"),
		"- 3~5 天\n- 6~7 天":         "<ul>\n<li>3~5 天</li>\n<li>6~7 天</li>\n</ul>\n",
		"|天|公斤|\n|-|-|\n|3~5|6~7|": table("天", "公斤", "3~5", "6~7"),

		// Chinese.
		"**你好。**世界":           para("<strong>你好。</strong>世界"),
		"他说**“好”**了":          para("他说<strong>“好”</strong>了"),
		"他说*“好”*了":            para("他说<em>“好”</em>了"),
		"**重要：**请看":           para("<strong>重要：</strong>请看"),
		"**重要:**请看":           para("<strong>重要:</strong>请看"),
		"请看**（重要）**这里":        para("请看<strong>（重要）</strong>这里"),
		"请看**(重要)**这里":        para("请看<strong>(重要)</strong>这里"),
		"**《红楼梦》**是小说":        para("<strong>《红楼梦》</strong>是小说"),
		"我读**《红楼梦》**，你呢":      para("我读<strong>《红楼梦》</strong>，你呢"),
		"***你好。***世界":         para("<em><strong>你好。</strong></em>世界"),
		"**你好，*世界*。**再见":      para("<strong>你好，<em>世界</em>。</strong>再见"),
		"用**`go build`**编译":   para("用<strong><code>go build</code></strong>编译"),
		"**`go build`**。":     para("<strong><code>go build</code></strong>。"),
		"一共**100%**完成":        para("一共<strong>100%</strong>完成"),
		"**⚠️**注意":            para("<strong>⚠️</strong>注意"),
		"**好😀**世界":            para("<strong>好😀</strong>世界"),
		"**好！**\n**世界！**":     para("<strong>好！</strong><br>\n<strong>世界！</strong>"),
		"2 ** 3，4 ** 5":       unchanged("2 ** 3，4 ** 5"),
		"2 * 3 * 4，乘法":        unchanged("2 * 3 * 4，乘法"),
		"**重要：请看":             unchanged("**重要：请看"),
		"变量名_是_这个":            unchanged("变量名_是_这个"),
		"这是 _“好”_ 的":          para("这是 <em>“好”</em> 的"),
		"**𠮷野家。**好吃":          para("<strong>𠮷野家。</strong>好吃"),
		"葛\U000e0100**（城）**市": para("葛\U000e0100<strong>（城）</strong>市"),
		"> **你好。**世界":         "<blockquote>\n<p><strong>你好。</strong>世界</p>\n</blockquote>\n",
		"# **你好。**世界":         "<h4><strong>你好。</strong>世界</h4>\n",
		"- **你好。**世界\n  - 他说**“好”**了": "<ul>\n<li><strong>你好。</strong>世界\n<ul>\n<li>他说<strong>“好”</strong>了</li>\n" +
			"</ul>\n</li>\n</ul>\n",
		"1. **一：**甲\n2. **二：**乙":               "<ol>\n<li><strong>一：</strong>甲</li>\n<li><strong>二：</strong>乙</li>\n</ol>\n",
		"- [x] **好。**完":                        "<ul>\n<li><span class=\"task done\">☑</span> <strong>好。</strong>完</li>\n</ul>\n",
		"|**名：**字|*“值”*了|\n|-|-|\n|a|~~b。~~c|": table("<strong>名：</strong>字", "<em>“值”</em>了", "a", "<del>b。</del>c"),

		// Japanese and Korean.
		"これは**「強調」**です":           para("これは<strong>「強調」</strong>です"),
		"**太郎、**次郎":               para("<strong>太郎、</strong>次郎"),
		"**ｶﾀｶﾅ｡**です":             para("<strong>ｶﾀｶﾅ｡</strong>です"),
		"カッコに注意**(太字にならない)**文が続く": para("カッコに注意<strong>(太字にならない)</strong>文が続く"),
		"**스크립트(script)**라고":      para("<strong>스크립트(script)</strong>라고"),
		"**\"안녕\"**이라고":           para("<strong>&#34;안녕&#34;</strong>이라고"),

		// Scripts with spaces: as CommonMark has it.
		"**שלום!** עולם":            para("<strong>שלום!</strong> עולם"),
		"זה **\"טוב\"** מאוד":       para("זה <strong>&#34;טוב&#34;</strong> מאוד"),
		"**مرحبا،** كيف الحال؟":     para("<strong>مرحبا،</strong> كيف الحال؟"),
		"السعر ٣~٥ و ٦~٧":           unchanged("السعر ٣~٥ و ٦~٧"),
		"ה**חשוב**ה":                para("ה<strong>חשוב</strong>ה"),
		"**Привет,** мир":           para("<strong>Привет,</strong> мир"),
		"**สวัสดี**ครับ":            para("<strong>สวัสดี</strong>ครับ"),
		"foo**bar!**baz":            unchanged("foo**bar!**baz"),
		"a_b_c":                     unchanged("a_b_c"),
		"- *א*\n- **ב.**\n\n> *ج*":  "<ul>\n<li><em>א</em></li>\n<li><strong>ב.</strong></li>\n</ul>\n<blockquote>\n<p><em>ج</em></p>\n</blockquote>\n",
		"|א|ב|\n|-|-|\n|*ג*|~~ד~~|": table("א", "ב", "<em>ג</em>", "<del>ד</del>"),
	} {
		if got := Render(source); got != want {
			t.Errorf("%q gave\n%s\nwant\n%s", source, got, want)
		}
	}
}

// table is the HTML of a table of two columns and two rows.
func table(cells ...string) string {
	return "<table>\n<thead>\n<tr>\n<th>" + cells[0] + "</th>\n<th>" + cells[1] + "</th>\n</tr>\n</thead>\n" +
		"<tbody>\n<tr>\n<td>" + cells[2] + "</td>\n<td>" + cells[3] + "</td>\n</tr>\n</tbody>\n</table>\n"
}
