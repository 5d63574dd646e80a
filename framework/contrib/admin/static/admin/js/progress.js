"use strict";
// Actions that say how far they are: a bar, words for those who hear them, and a button that stops them.
adminDom.enhance('form[data-progress]', (form) => {
    const { make, button, text } = adminDom;
    const names = (form.dataset['progress'] ?? '').split(' ').filter((name) => name !== '');
    // Not `form.action`: that is the control of this name.
    const address = () => form.getAttribute('action') || location.href.replace(/#.*/, '');
    /** Shows the list as it is now; a page that was posted is not posted again. */
    const leave = () => location.assign(location.pathname + location.search);
    /** The lines of an answer, as they come. */
    async function* linesOf(answer) {
        const reader = answer.body.getReader();
        const decoder = new TextDecoder();
        let rest = '';
        for (;;) {
            const { done, value } = await reader.read();
            if (done)
                return;
            const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines)
                yield JSON.parse(line);
        }
    }
    /** What there is to see of a run. */
    const makeDialog = (title, stop) => {
        const heading = make('h2', { id: 'progress-title', textContent: title });
        const bar = make('progress', { 'aria-labelledby': heading.id });
        const shown = make('p');
        const heard = make('p', { className: 'visually-hidden', role: 'status' });
        const dialog = make('dialog', { id: 'progress', 'aria-labelledby': heading.id }, heading, bar, shown, heard);
        dialog.append(button(text('Cancel'), 'button', stop));
        // Escape is Cancel; it does not only hide what goes on.
        dialog.addEventListener('cancel', (event) => {
            event.preventDefault();
            stop();
        });
        document.body.append(dialog);
        dialog.showModal();
        let heardAt = -Infinity;
        let tenth = -1;
        return {
            show({ done = 0, total, message }) {
                if (total) {
                    bar.max = total;
                    bar.value = done;
                }
                else
                    bar.removeAttribute('value');
                const count = total ? text('%s of %s', done, total) : String(done);
                shown.textContent = message ? `${count}: ${message}` : count;
                // Each tenth, or each ten seconds where nobody knows how many there are; never one word over another.
                const now = performance.now();
                const next = total ? Math.floor((done / total) * 10) : Math.floor(now / 10_000);
                if (next === tenth || now - heardAt < 1500)
                    return;
                [tenth, heardAt] = [next, now];
                heard.textContent = shown.textContent;
            },
            /** It is over, but not as it should be. */
            end(words, isError) {
                shown.textContent = words;
                shown.role = isError ? 'alert' : null;
                shown.className = isError ? 'errornote' : '';
                heard.textContent = isError ? '' : words;
                const close = button(text('Close'), 'button', leave);
                dialog.querySelector('button')?.replaceWith(close);
                close.focus();
            },
            textOf: () => shown.textContent ?? '',
        };
    };
    let isFinished = false;
    /** Posts the end of a run as a form: the answer is a page of its own. */
    const finish = (value) => {
        form.append(make('input', { type: 'hidden', name: '_finished', value }));
        isFinished = true;
        // Who comes back sees what the action has made of the rows.
        addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
        form.requestSubmit();
    };
    const run = async (title, body) => {
        const controller = new AbortController();
        const warn = (event) => event.preventDefault();
        let isOver = false;
        const dialog = makeDialog(title, () => {
            if (isOver)
                leave();
            else
                controller.abort();
        });
        addEventListener('beforeunload', warn);
        const headers = { Accept: 'application/x-ndjson' };
        try {
            // What redirects has its message or its log-in page, which are for the window.
            const answer = await fetch(address(), {
                method: 'POST',
                body,
                headers,
                redirect: 'manual',
                signal: controller.signal,
            });
            if (answer.type === 'opaqueredirect') {
                removeEventListener('beforeunload', warn);
                return leave();
            }
            const isFollowed = answer.ok && answer.headers.get('Content-Type')?.startsWith(headers.Accept);
            let error = text(isFollowed
                ? 'The connection was lost before the action was finished.'
                : 'The action could not be run.');
            if (isFollowed) {
                for await (const line of linesOf(answer)) {
                    if (line.finished !== undefined) {
                        removeEventListener('beforeunload', warn);
                        return finish(line.finished);
                    }
                    if (line.error === undefined)
                        dialog.show(line);
                    else
                        error = line.error;
                }
            }
            dialog.end(error, true);
        }
        catch {
            if (controller.signal.aborted)
                dialog.end(text('Stopped: %s', dialog.textOf()), false);
            else
                dialog.end(text('The connection was lost before the action was finished.'), true);
        }
        isOver = true;
        removeEventListener('beforeunload', warn);
    };
    form.addEventListener('submit', (event) => {
        if (event.defaultPrevented || isFinished)
            return;
        const { submitter } = event;
        const chosen = submitter?.closest('.actions')?.querySelector('[name="action"]');
        // A form of a list has other actions, too; one that confirms an action has no other.
        if (names.length > 0 && (!chosen || !names.includes(chosen.value)))
            return;
        // The server says that nothing was chosen.
        if (names.length > 0 && !form.querySelector('.action-select:checked'))
            return;
        event.preventDefault();
        const body = new FormData(form);
        if (submitter instanceof HTMLButtonElement && submitter.name)
            body.append(submitter.name, submitter.value);
        const title = chosen?.selectedOptions[0]?.textContent ?? document.querySelector('h1')?.textContent ?? '';
        void run(title, body);
    }, { capture: true });
});
