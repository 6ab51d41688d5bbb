// One place for what the user has to know.

const place = () => document.getElementById('notice');

// notice shows a message, or several, with something to do about it; none hides it.
export function notice(messages, action = '', act = null) {
  const list = [messages].flat().filter(Boolean);
  const host = place();
  host.hidden = list.length === 0;
  host.replaceChildren(...list.map((message) => {
    const p = document.createElement('p');
    p.textContent = message;
    return p;
  }));
  if (act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action;
    button.addEventListener('click', act);
    host.append(button);
  }
}
