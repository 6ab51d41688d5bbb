package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"qk/train"
)

// TestLiveTrain loads the page, trains diary to the verdict, takes a cell apart, and
// looks at the page at both widths, light and dark.
func TestLiveTrain(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address)
	if step := eval[string](x, `document.querySelector('#steps').textContent`); step != "0" {
		t.Errorf("the page begins at step %s", step)
	}
	if command := eval[string](x, `document.querySelector('#command').textContent`); command != "qk train" {
		t.Errorf("command %q", command)
	}
	x.set("#speed", "0")
	x.click("#play")
	x.wait(`document.querySelector('#verdict').dataset.pass === 'true'`)
	if got := eval[string](x, `document.querySelector('#loss').textContent`); got != "0.066014" {
		t.Errorf("loss %s, want 0.066014, that of the best mask", got)
	}
	if got := eval[string](x, `qk.store.frame.status[qk.store.shape.rows.indexOf(qk.store.session.words.indexOf('went'))]`); got != "exact" {
		t.Errorf("the row of went is %s", got)
	}
	if got := eval[string](x, `[document.querySelector('#sentence-error').textContent, ...qk.store.frame.sentence.groups.map((g) => g.note)].join('|')`); got != "||{candle, train}|with the null slot" {
		t.Errorf("the sentence has the error and the notes %q", got)
	}
	x.hoverCell("learned", "went", "candle")
	x.wait(`document.querySelector('#readout').textContent.includes('candle')`)
	if text := eval[string](x, `document.querySelector('#readout').textContent`); !strings.Contains(text, "at 1 of 2 places") {
		t.Errorf("the count behind the cell is missing: %q", text)
	}
	x.clickCell("counted", "went", "train")
	x.wait(`qk.store.frame.focus?.start && location.hash.includes('column=train')`)
	x.wait(`/0\.0476190476/.test(document.querySelector('#gradient').textContent)`) // 1/21
	x.wait(`document.querySelector('#gradient').textContent.length > 100`)
	for _, size := range []struct{ width, height int64 }{{390, 844}, {1440, 1000}} {
		for _, scheme := range []string{"light", "dark"} {
			x.prefer("prefers-color-scheme", scheme)
			x.size(size.width, size.height)
			x.wait(fmt.Sprintf(`innerWidth === %d`, size.width))
			eval[bool](x, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
			if wide := eval[int](x, `document.documentElement.scrollWidth`); wide > int(size.width) {
				t.Errorf("at %d pixels the page is %d wide", size.width, wide)
			}
			x.keepShot(fmt.Sprintf("live-%d-%s", size.width, scheme))
		}
	}
}

// TestLiveGallery takes the pictures of the page that the README shows, and with -gallery
// writes them anew. Fonts differ between machines, so that they cannot be compared.
func TestLiveGallery(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address+"#at=3&row=went&column=candle")
	x.size(1440, 860)
	for _, scheme := range []string{"light", "dark"} {
		x.prefer("prefers-color-scheme", scheme)
		x.settled(3)
		x.wait(`document.querySelector('#gradient').textContent.includes('0.0476190476')`)
		shot, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
		if err != nil || len(shot) < 30_000 {
			t.Fatalf("a picture of %d bytes, %v", len(shot), err)
		}
		if !*writeGallery {
			continue
		}
		name := map[string]string{"light": "live.png", "dark": "live-dark.png"}[scheme]
		if err := os.WriteFile(filepath.Join("gallery", name), shot, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// place is where a cell of a map is on the screen.
func (x tab) place(kind, row, column string) (left, top float64) {
	x.t.Helper()
	at := eval[[]float64](x, fmt.Sprintf(`(() => {
		const canvas = document.querySelector('canvas[data-map=%s]');
		canvas.scrollIntoView({block: 'center', behavior: 'instant'});
		const {words} = qk.store.session, {rows, columns} = qk.store.shape;
		const box = canvas.getBoundingClientRect(), d = canvas.dataset;
		const i = rows.indexOf(words.indexOf(%q)), j = columns.indexOf(words.indexOf(%q));
		return [box.left + Number(d.left) + (j + .5) * Number(d.cell), box.top + Number(d.top) + (i + .5) * Number(d.cell)];
	})()`, kind, row, column))
	return at[0], at[1]
}

func (x tab) hoverCell(kind, row, column string) {
	x.t.Helper()
	left, top := x.place(kind, row, column)
	x.do(chromedp.MouseEvent("mouseMoved", left, top))
}

func (x tab) clickCell(kind, row, column string) {
	x.t.Helper()
	left, top := x.place(kind, row, column)
	x.do(chromedp.MouseClickXY(left, top))
}

// TestLiveSteps takes single steps, changes the rate, resets, and opens the address of
// where it stood: the numbers are the same to the last bit.
func TestLiveSteps(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address+"#corpus=candle&rank=3&seed=5")
	first := x.scores()
	x.click("#step")
	x.settled(1)
	x.click("#step")
	x.settled(2)
	second := x.scores()
	x.set("#lr", "0.02")
	x.wait(`qk.store.frame.base_rate === 0.02`)
	if step := eval[int](x, `qk.store.frame.step`); step != 2 {
		t.Errorf("a change of the rate led to step %d", step)
	}
	x.wait(`!document.querySelector('#command-note').hidden`)
	x.click("#step")
	x.settled(3)
	third := x.scores()
	x.wait(`location.hash.includes('at=3') && decodeURIComponent(location.hash).includes('rates=2:0.02')`)
	address := eval[string](x, `location.href`)
	if command := eval[string](x, `document.querySelector('#command').textContent`); command != "qk train --corpus candle --rank 3 --seed 5" {
		t.Errorf("command %q", command)
	}
	x.click("#reset")
	x.wait(`qk.store.frame?.step === 0 && qk.store.frame.rates.length === 0`)
	if x.scores() != first {
		t.Error("reset does not lead back to the first weights")
	}
	x.click("#step")
	x.settled(1)
	x.click("#step")
	x.settled(2)
	if x.scores() != second {
		t.Error("after a reset the steps are others")
	}
	x.goTo(address)
	x.settled(3)
	if x.scores() != third {
		t.Error("the address leads to other numbers")
	}
	if speed, rank := eval[string](x, `document.querySelector('#speed').value`), eval[string](x, `document.querySelector('#set-rank').value`); speed != "10" || rank != "3" {
		t.Errorf("speed %s, rank %s", speed, rank)
	}
}

// TestLiveText pastes a text full of markup, which stays text, and comes back to it by
// the address.
func TestLiveText(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address, refused)
	evil := "<script>window.hacked=1</script> <img src=x onerror=hacked=1> \"quoted\" & 'so' {{.}}\n<b>bold</b> \u202eturned red fish blue fish"
	x.click("#text")
	x.set("#paste", evil)
	x.click("#use-text")
	x.wait(`qk.store.session.settings.corpus === 'pasted.txt' && qk.store.frame && !document.querySelector('dialog').open`)
	x.set("#set-tokens", "fields")
	x.wait(`qk.store.session.settings.tokens === 'fields' && qk.store.frame && qk.store.session.words.includes('<b>bold</b>')`)
	x.click("#play")
	x.wait(`qk.store.frame.step > 3`)
	x.wait(`location.hash.includes('text=') && location.hash.includes('tokens=fields')`)
	if eval[bool](x, `'hacked' in window || document.querySelector('main b b, main img, main script') !== null`) {
		t.Error("the text became markup")
	}
	x.set("#sentence-input", "<b>bold</b> \u202eturned red")
	x.wait(`qk.store.frame.sentence?.words.length === 3`)
	if text := eval[string](x, `document.body.innerText + document.body.textContent`); strings.Contains(text, "\u202e") {
		t.Error("the text can turn the direction of the page")
	}
	address := eval[string](x, `location.href`)
	x.goTo(address)
	x.wait(`qk.store.session.words.includes('<b>bold</b>')`)
	if got := eval[string](x, `qk.state.text`); got != evil {
		t.Errorf("the address leads to another text: %q", got)
	}
	if shown := eval[string](x, `document.querySelector('#command').textContent + document.querySelector('#command-note').textContent`); !strings.Contains(shown, "--corpus pasted.txt") || !strings.Contains(shown, "Save the text as pasted.txt") {
		t.Errorf("command %q", shown)
	}
	// what cannot be used leaves all as it was, and says why
	x.click("#text")
	x.set("#paste", "lonely")
	x.click("#use-text")
	x.wait(`!document.querySelector('#text-error').hidden`)
	if got := eval[string](x, `qk.store.session.words.join()`); !strings.Contains(got, "bold") {
		t.Errorf("a text that cannot be used took the place of the one before: %q", got)
	}
}

// TestLiveFaults types what cannot be, and sees the reason beside the setting; the run
// goes on.
func TestLiveFaults(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address, refused)
	x.set("#set-rank", "x")
	x.wait(`document.querySelector('#set-rank').getAttribute('aria-invalid') === 'true'`)
	if text := eval[string](x, `document.querySelector('#set-rank-error').textContent`); !strings.Contains(text, "whole number") {
		t.Errorf("error %q", text)
	}
	x.click("#step")
	x.settled(1)
	x.set("#set-rank", "2")
	x.wait(`document.querySelector('#set-rank').getAttribute('aria-invalid') === 'false' && qk.store.session.rank === 2 && qk.store.frame`)
	x.set("#lr", "-1")
	x.wait(`!document.querySelector('#lr-error').hidden`)
	x.set("#set-task", "recall")
	x.wait(`qk.store.session.table && qk.store.frame?.shape === qk.store.shape?.version`)
	x.set("#speed", "0")
	x.click("#play")
	x.wait(`document.querySelector('#verdict').dataset.pass !== undefined`)
	x.goTo(served.address + "#rank=0")
	x.wait(`document.querySelector('#notice').textContent.includes('could not be used')`)
}

// TestLiveTwoTabs trains in two tabs at once, each a model of its own.
func TestLiveTwoTabs(t *testing.T) {
	served := servePage(t)
	first := browser(t)
	x := open(t, first, served.address+"#seed=1&speed=0")
	second, cancel := chromedp.NewContext(first)
	t.Cleanup(cancel)
	y := open(t, second, served.address+"#seed=2&speed=0&corpus=candle")
	x.click("#play")
	y.click("#play")
	for _, tab := range []tab{x, y} {
		tab.wait(`document.querySelector('#verdict').dataset.pass === 'true'`)
	}
	if a, b := eval[string](x, `qk.store.session.id`), eval[string](y, `qk.store.session.id`); a == b {
		t.Error("both tabs have the same run")
	}
	if err := chromedp.Cancel(second); err != nil {
		t.Error(err)
	}
}

// TestLiveKeyboard does without a pointer: the maps, the player, and reduced motion.
func TestLiveKeyboard(t *testing.T) {
	served := servePage(t)
	ctx := browser(t)
	x := open(t, ctx, served.address)
	x.prefer("prefers-reduced-motion", "reduce")
	x.goTo(served.address)
	x.do(chromedp.KeyEvent("."))
	x.settled(1)
	x.do(chromedp.KeyEvent(" "))
	x.wait(`qk.store.frame.step > 3`)
	x.do(chromedp.KeyEvent(" "))
	x.wait(`!qk.store.frame.playing`)
	x.do(chromedp.KeyEvent("r"))
	x.settled(0)
	x.do(chromedp.Focus(chromedp.CSS("canvas[data-map=counted]")))
	for _, key := range []string{"ArrowDown", "ArrowRight", "Enter"} {
		eval[bool](x, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: %q, bubbles: true, cancelable: true}))`, key))
	}
	x.wait(`qk.store.view.row >= 0 && qk.store.frame.focus`)
	eval[bool](x, `document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}))`)
	x.wait(`qk.store.view.row === -1`)
	// every control that can be used has a name, and none is reached by the pointer alone
	var nameless []string
	raw := eval[string](x, `JSON.stringify([...document.querySelectorAll('button, input, select, textarea, canvas, summary')]
		.filter((e) => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()))
		.map((e) => e.outerHTML.slice(0, 80)))`)
	if err := json.Unmarshal([]byte(raw), &nameless); err != nil || len(nameless) > 0 {
		t.Errorf("without a name: %v %v", nameless, err)
	}
}

// TestLiveSave saves every file and every view, and keeps the run.
func TestLiveSave(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address+"#at=20&row=went&column=candle")
	x.settled(20)
	x.click("#keep")
	x.wait(`document.querySelector('#kept').textContent.includes('qk check')`)
	kept, err := filepath.Glob(filepath.Join(served.runs, "*", "run.json"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	d, err := train.OpenRun(filepath.Dir(kept[0]))
	if err != nil {
		t.Fatal(err)
	}
	if l, err := readBack(d); err != nil || l.steps != 20 {
		t.Fatalf("%+v, %v", l, err)
	}
	for _, name := range []string{"run.zip", "report.html", "loss.svg", "loss.png", "masks.svg", "masks.png", "attention.svg", "attention.png", "export.npz", "export.safetensors", "masks.csv", "scores.csv", "corpus.txt"} {
		if size := eval[int](x, fmt.Sprintf(`fetch('/api/sessions/' + qk.store.session.id + '/save/%s').then((a) => a.ok ? a.arrayBuffer() : null).then((b) => b?.byteLength ?? 0)`, name)); size < 50 {
			t.Errorf("%s: %d bytes", name, size)
		}
	}
	for _, id := range []string{"heatmaps", "ladder", "lookup", "gradient", "sentence"} {
		svg := eval[string](x, fmt.Sprintf(`Promise.all([import('/pictures.js'), import('/views/%s.js')]).then(([p, v]) => p.drawnSVG(v.view))`, id))
		if !strings.HasPrefix(svg, "<svg") || strings.Contains(svg, "NaN") || strings.Count(svg, "<text") < 5 {
			t.Errorf("%s as SVG: %.200s", id, svg)
		}
		if size := eval[int](x, fmt.Sprintf(`Promise.all([import('/pictures.js'), import('/views/%s.js')]).then(([p, v]) => p.drawnPNG(v.view).toDataURL().length)`, id)); size < 5000 {
			t.Errorf("%s as PNG: %d bytes", id, size)
		}
		if dir := os.Getenv("QK_SHOTS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, "view-"+id+".svg"), []byte(svg), 0o666); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestLiveHidden looks away while the run goes on, and back: a page that is not seen
// holds no connection, and has the whole curve when it is seen again.
func TestLiveHidden(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address+"#speed=100&steps=1000&l2=0.001&lr=0.001")
	see := func(hidden bool) {
		eval[bool](x, fmt.Sprintf(`(() => {
			Object.defineProperty(document, 'hidden', {value: %t, configurable: true});
			return document.dispatchEvent(new Event('visibilitychange'));
		})()`, hidden))
	}
	x.click("#play")
	x.wait(`qk.store.frame.step > 2`)
	see(true)
	step := eval[int](x, `qk.store.frame.step`)
	eval[bool](x, `new Promise((done) => setTimeout(() => done(true), 300))`)
	if now := eval[int](x, `qk.store.frame.step`); now > step+1 {
		t.Errorf("a page that is not seen gets frames: step %d, then %d", step, now)
	}
	see(false)
	x.wait(fmt.Sprintf(`qk.store.frame.step > %d + 10`, step))
	if got := eval[int](x, `qk.store.history.length - qk.store.frame.step`); got != 1 {
		t.Errorf("the curve has %d points more than steps", got)
	}
}

// TestLiveExperiments follows every experiment that the page proposes, plays it to the
// end, and holds the verdict against what the page says will come out.
func TestLiveExperiments(t *testing.T) {
	served := servePage(t)
	x := open(t, browser(t), served.address)
	n := eval[int](x, `document.querySelectorAll('#experiments a').length`)
	if n < 5 {
		t.Fatalf("%d experiments", n)
	}
	for i := range n {
		before := eval[string](x, `qk.store.session.id`)
		expect := eval[string](x, fmt.Sprintf(`(() => { const a = document.querySelectorAll('#experiments a')[%d]; a.click(); return a.dataset.expect; })()`, i))
		x.wait(fmt.Sprintf(`qk.store.session.id !== %q && qk.store.frame`, before))
		if eval[bool](x, `document.querySelector('#notice').textContent !== ''`) {
			if text := eval[string](x, `document.querySelector('#notice').textContent`); !strings.Contains(text, "--l2 0") {
				t.Errorf("experiment %d: %s", i, text)
			}
		}
		x.set("#speed", "0")
		x.click("#play")
		x.wait(`document.querySelector('#verdict').dataset.pass !== undefined`)
		if got := eval[string](x, `document.querySelector('#verdict').dataset.pass`); expect != "any" && got != expect {
			t.Errorf("experiment %d passes: %s, and the page promises %s", i, got, expect)
		}
	}
	x.click("#play") // again
	x.wait(`qk.store.frame && qk.store.frame.done && document.querySelector('#play').textContent === 'Play again'`)
}
