// Sets the colours that were chosen before, while nothing is drawn yet.

try {
  const chosen = localStorage.getItem('qk-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // A browser that remembers nothing follows the system.
}
