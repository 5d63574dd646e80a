"use strict";
// Days and times: the browser's own pickers, and a button for today and now, by the server's clock.
{
    const pad = (value) => String(value).padStart(2, '0');
    const SHAPES = {
        date: /^(\d{4}-\d\d-\d\d)?$/,
        time: /^(\d\d:\d\d(:\d\d)?)?$/,
    };
    /** How many seconds the server's clock is ahead of that of the person. */
    const ahead = () => new Date().getTimezoneOffset() * 60 + Number(document.body.dataset['adminUtcOffset'] ?? 0);
    const now = (kind) => {
        const at = new Date(Date.now() + ahead() * 1000);
        if (kind === 'date')
            return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
        return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
    };
    adminDom.enhance('input.vDateField, input.vTimeField', (input) => {
        const kind = input.classList.contains('vDateField') ? 'date' : 'time';
        // What is written in another way, or wrong, stays as it is: a picker would show nothing of it.
        if (input.type === 'text' && SHAPES[kind].test(input.value)) {
            const { value } = input;
            input.type = kind;
            if (kind === 'time')
                input.step = '1';
            input.value = value;
        }
        const label = adminDom.text(kind === 'date' ? 'Today' : 'Now');
        const button = adminDom.button(label, 'button small-button', () => {
            input.value = now(kind);
            adminDom.changed(input);
            input.focus();
        });
        const about = input.closest('fieldset')?.querySelector('legend') ?? adminDom.labelOf(input);
        button.setAttribute('aria-label', `${label}: ${about?.textContent?.replace(/:\s*$/, '').trim() ?? ''}`);
        input.after(' ', button);
        const hours = Math.round(ahead() / 3600);
        const field = input.closest('.form-row > div, td');
        if (hours === 0 || kind !== 'time' || !field || field.querySelector('.timezonewarning'))
            return;
        const [before, behind] = Math.abs(hours) === 1
            ? ['Note: You are %s hour ahead of server time.', 'Note: You are %s hour behind server time.']
            : ['Note: You are %s hours ahead of server time.', 'Note: You are %s hours behind server time.'];
        const textContent = adminDom.text(hours > 0 ? behind : before, Math.abs(hours));
        field.append(adminDom.make('div', { className: 'help timezonewarning', textContent }));
    });
}
