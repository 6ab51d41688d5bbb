package live

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"
)

// policy lets the page load what it is served with, and nothing else: no script or
// style in the markup, no other origin.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// tokenCookie is where a browser keeps the token.
const tokenCookie = "qk_token"

// handleWithin is how long an answer may take; a stream sets deadlines of its own.
const handleWithin = 2 * time.Minute

// guard lets a request through if it names this server (a page elsewhere that has a
// name point here names another), if it does not come from another page, and if it
// shows the token where there is one.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		switch {
		case !s.o.Host(r.Host):
			refuse(w, http.StatusForbidden, errors.New("this server does not go by that name: open the address that qk serve printed"))
		case foreign(r):
			refuse(w, http.StatusForbidden, errors.New("this request comes from another page"))
		case s.o.Token != "" && r.URL.Query().Has("token") && s.isToken(r.URL.Query().Get("token")):
			http.SetCookie(w, &http.Cookie{Name: tokenCookie, Value: s.o.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case s.o.Token != "" && !s.hasToken(r):
			refuse(w, http.StatusUnauthorized, errors.New("this page is for those who have its token: open the whole address that qk serve printed, with ?token="))
		default:
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(handleWithin)) // not every test has one
			next.ServeHTTP(w, r)
		}
	})
}

// foreign tells whether a page of another origin makes the request. Browsers send
// Origin with everything but a plain GET, and Sec-Fetch-Site with all.
func foreign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); strings.HasPrefix(r.URL.Path, "/api/") && site != "" && site != "same-origin" && site != "none" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Method != http.MethodGet && r.Method != http.MethodHead
	}
	return origin != "http://"+r.Host && origin != "https://"+r.Host
}

func (s *Server) isToken(shown string) bool {
	return subtle.ConstantTimeCompare([]byte(shown), []byte(s.o.Token)) == 1
}

func (s *Server) hasToken(r *http.Request) bool {
	c, err := r.Cookie(tokenCookie)
	return err == nil && s.isToken(c.Value)
}
