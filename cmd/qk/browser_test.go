package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"qk/cmd/qk/internal/live"
)

// browsers are the names under which Chromium is installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// findBrowser returns the path of a browser, or skips the test. QK_BROWSER names one.
func findBrowser(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("QK_BROWSER"); named != "" {
		return named
	}
	if testing.Short() {
		t.Skip("not in short mode")
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("NOT TESTED: the live page in a browser, as there is no Chromium here (set QK_BROWSER, or install the package chromium)")
	return ""
}

// servedPage is `qk serve`, with the folder of its runs.
type servedPage struct {
	address string
	runs    string
}

// servePage runs the command until the test ends.
func servePage(t *testing.T) servedPage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out := &printed{}
	runs := t.TempDir()
	a := &app{stdin: strings.NewReader(""), stdout: out, stderr: out, now: time.Now, getenv: os.Getenv, runs: runs}
	ended := make(chan error, 1)
	go func() { ended <- a.serve(ctx, serveOptions{addr: "127.0.0.1:0"}, live.DefaultLimits()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found := regexp.MustCompile(`http://\S+`).FindString(out.String()); found != "" {
			return servedPage{found, runs}
		}
	}
	t.Fatalf("no address: %q", out.String())
	return servedPage{}
}

// printed is what several goroutines print.
type printed struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.text.String()
}

// browser starts a browser that ends with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findBrowser(t)), chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it does not run as root otherwise
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancelBrowser)
	ctx, cancelTab := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // the browser is closed in any case
		cancelTab()
	})
	return ctx
}

// tab is a page in a browser. Whatever its console says fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// refused is what browsers log of a request that the server refuses, with good reason.
const refused = "the server responded with a status of 400"

// open opens an address in a browser, or in a further tab of one. Of what its console
// says, only what is allowed does not fail the test.
func open(t *testing.T, ctx context.Context, address string, allowed ...string) tab {
	t.Helper()
	x := tab{t, ctx}
	listening, stop := context.WithCancel(ctx)
	messages := chromedp.Console(listening)
	var heard sync.WaitGroup
	heard.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if slices.ContainsFunc(allowed, func(text string) bool { return strings.Contains(m.Text, text) }) {
				continue
			}
			t.Errorf("the console says: %s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line)
		}
	})
	t.Cleanup(func() {
		stop()
		heard.Wait()
	})
	x.size(1440, 1000)
	x.goTo(address)
	return x
}

func (x tab) do(actions ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	if err := chromedp.Do(x.ctx, actions...); err != nil {
		x.t.Fatalf("%v; the page: %s", err, x.state())
	}
}

// state is what the page says of itself, for messages.
func (x tab) state() string {
	text, err := chromedp.Run(x.ctx, chromedp.Evaluate[string](`[document.querySelector('#notice')?.textContent, document.querySelector('#standing')?.textContent, location.hash].join(' | ')`))
	if err != nil {
		return err.Error()
	}
	return text
}

func (x tab) size(width, height int64) {
	x.t.Helper()
	x.do(chromedp.EmulateViewport(width, height))
}

// goTo goes to an address and waits for the first frame.
func (x tab) goTo(address string) {
	x.t.Helper()
	x.do(chromedp.Navigate("about:blank"), chromedp.Navigate(address))
	x.wait(`document.documentElement.dataset.ready === 'true'`)
}

// wait waits until something is true on the page.
func (x tab) wait(expression string) {
	x.t.Helper()
	if _, err := chromedp.Run(x.ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(20*time.Second), chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		x.t.Fatalf("%s: %v; the page: %s", expression, err, x.state())
	}
}

// eval returns the value of an expression on the page.
func eval[T any](x tab, expression string) T {
	x.t.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		x.t.Fatalf("%s: %v; the page: %s", expression, err, x.state())
	}
	return v
}

func (x tab) click(selector string) {
	x.t.Helper()
	x.do(chromedp.Click(chromedp.CSS(selector)))
}

// set types a value into a field, as a user does.
func (x tab) set(selector, value string) {
	x.t.Helper()
	eval[bool](x, fmt.Sprintf(`(() => {
		const field = document.querySelector(%q);
		if (field.type === 'checkbox') { if (String(field.checked) !== %q) field.click(); return true; }
		field.value = %q;
		field.dispatchEvent(new Event('input', {bubbles: true}));
		field.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	})()`, selector, value, value))
}

// settled waits until the run of the page stands at a step.
func (x tab) settled(step int) {
	x.t.Helper()
	x.wait(fmt.Sprintf(`qk.store.frame?.step === %d && !qk.store.frame.playing`, step))
}

// scores are the scores that are shown, to the last bit.
func (x tab) scores() string {
	x.t.Helper()
	return eval[string](x, `Array.from(qk.store.frame.scores).join()`)
}

// prefer emulates what a user has chosen in the system.
func (x tab) prefer(feature, value string) {
	x.t.Helper()
	_, err := chromedp.Call(x.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
	if err != nil {
		x.t.Fatal(err)
	}
}

// keepShot keeps a picture of the page in the folder QK_SHOTS, if that is set.
func (x tab) keepShot(name string) {
	x.t.Helper()
	dir := os.Getenv("QK_SHOTS")
	beyond := true
	shot, err := chromedp.Call(x.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond})
	if err != nil {
		x.t.Fatal(err)
	}
	if len(shot.Data) < 10_000 {
		x.t.Errorf("the picture of the page has %d bytes: there is nothing on it", len(shot.Data))
	}
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), shot.Data, 0o666); err != nil {
		x.t.Fatal(err)
	}
}
