/* A front end in one file: it knows the API, and the cookies do the rest. */
const find = (selector) => document.querySelector(selector);
let token = '';

async function ask(method, url, data) {
  const response = await fetch(url, {
    method,
    headers: { 'X-CSRFToken': token, 'Content-Type': 'application/json' },
    ...(data && { body: JSON.stringify(data) }),
  });
  const answer = await response.json();
  find('[role=alert]').textContent = answer.error ?? '';
  return answer;
}

function item(note) {
  const line = document.createElement('li');
  const label = line.appendChild(document.createElement('label'));
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: note.done });
  label.append(box, ` ${note.text}`);
  box.onchange = () => ask('PATCH', `/api/notes/${note.id}/`, { done: box.checked });
  return line;
}

async function show({ user, csrfToken }) {
  if (csrfToken === undefined) return;
  token = csrfToken;
  find('#login').hidden = user !== null;
  find('section').hidden = user === null;
  if (user === null) return;
  find('section b').textContent = user;
  const { notes } = await ask('GET', '/api/notes/');
  find('ul').replaceChildren(...notes.map(item));
}

const values = (form) => Object.fromEntries(new FormData(form));

find('#login').onsubmit = async (event) => {
  event.preventDefault();
  await show(await ask('POST', '/api/session/', values(event.target)));
};
find('#logout').onclick = async () => show(await ask('DELETE', '/api/session/'));
find('#add').onsubmit = async (event) => {
  event.preventDefault();
  const note = await ask('POST', '/api/notes/', values(event.target));
  if (note.id) find('ul').prepend(item(note));
  event.target.reset();
};

void ask('GET', '/api/session/').then(show);
