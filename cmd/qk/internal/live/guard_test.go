package live

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestGuard asks as pages elsewhere, and machines elsewhere, would.
func TestGuard(t *testing.T) {
	s, err := New(Options{Limits: DefaultLimits(), Now: timeNow, Token: "", Host: func(h string) bool { return h == "127.0.0.1:80" }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, x := range []struct {
		about, method, path, host, origin, site string
		status                                  int
	}{
		{"the page itself", "GET", "/robots.txt", "127.0.0.1:80", "", "none", 200},
		{"its script", "GET", "/api/hello", "127.0.0.1:80", "", "same-origin", 200},
		{"a name that was pointed here", "GET", "/robots.txt", "evil.example:80", "", "none", 403},
		{"no name", "GET", "/robots.txt", "", "", "", 403},
		{"another port", "GET", "/robots.txt", "127.0.0.1:81", "", "", 403},
		{"a form of another page", "POST", "/api/sessions", "127.0.0.1:80", "http://evil.example", "cross-site", 403},
		{"a sandboxed page", "POST", "/api/sessions", "127.0.0.1:80", "null", "", 403},
		{"a page of another port", "POST", "/api/sessions", "127.0.0.1:80", "http://127.0.0.1:81", "same-site", 403},
		{"no origin", "POST", "/api/sessions", "127.0.0.1:80", "", "", 403},
		{"a script of another page", "GET", "/api/hello", "127.0.0.1:80", "", "cross-site", 403},
		{"a link on another page", "GET", "/robots.txt", "127.0.0.1:80", "", "cross-site", 200},
		{"the page itself, which sends no JSON", "POST", "/api/sessions", "127.0.0.1:80", "http://127.0.0.1:80", "same-origin", 415},
		{"something sent to a file", "POST", "/robots.txt", "127.0.0.1:80", "http://127.0.0.1:80", "same-origin", 405},
		{"no such path", "GET", "/api/nothing", "127.0.0.1:80", "", "", 404},
		{"the way up", "GET", "/../live.go", "127.0.0.1:80", "", "", 404},
	} {
		r := httptest.NewRequest(x.method, "/", nil)
		r.URL.Path, r.Host = x.path, x.host
		for name, value := range map[string]string{"Origin": x.origin, "Sec-Fetch-Site": x.site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != x.status && !(x.status == 404 && w.Code >= 300) {
			t.Errorf("%s: status %d, want %d: %s", x.about, w.Code, x.status, short(w.Body.String()))
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", x.about, policy)
		}
	}
}

// TestToken comes from another machine with and without the token.
func TestToken(t *testing.T) {
	s := serve(t, func(o *Options) { o.Token = "SECRET" })
	jar := s.client
	for _, x := range []struct {
		path   string
		status int
	}{{"/robots.txt", 401}, {"/api/hello", 401}, {"/?token=WRONG", 401}, {"/?token=", 401}} {
		if status, body, _ := s.get(t, x.path); status != x.status || strings.Contains(body, "SECRET") {
			t.Errorf("%s: %d %s", x.path, status, body)
		}
	}
	jar.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := jar.Get(s.http.URL + "/?token=SECRET")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/" || len(answer.Cookies()) != 1 {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	c := answer.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %v", c)
	}
	r, err := http.NewRequest(http.MethodGet, s.http.URL+"/api/hello", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(c)
	if status, _, _ := s.do(t, r); status != http.StatusOK {
		t.Errorf("with the token: %d", status)
	}
}
