"use strict";
// Fields that are filled from others while one types, until one types in them.
{
    /** What is no letter with a mark on it; upper case becomes lower. */
    const LETTERS = {};
    const spell = (letters, spelled) => {
        const parts = spelled.split(' ');
        for (const [i, letter] of [...letters].entries())
            LETTERS[letter] = parts[i] ?? '';
    };
    spell('ßæœøłđðþıħŋ', 'ss ae oe o l d d th i h n');
    spell('αβγδεζηθικλμνξοπρσςτυφχψω', 'a b g d e z h 8 i k l m n 3 o p r s s t y f x ps w');
    spell('абвгдежзийклмнопрстуфхцчшщъыьэюя', 'a b v g d e zh z i j k l m n o p r s t u f h c ch sh sh  y  e yu ya');
    spell('єіґјљњџђћё', 'ye i g j lj nj dz dj c yo');
    const plain = (text) => [...text.toLowerCase().normalize('NFC')]
        .map((letter) => LETTERS[letter] ?? [...letter.normalize('NFKD')].map((part) => LETTERS[part] ?? part).join(''))
        .join('')
        .replace(/\P{ASCII}/gu, '');
    const slug = (text, { maxLength, allowUnicode }) => (allowUnicode ? text.normalize('NFKC').toLowerCase() : plain(text))
        .replace(allowUnicode ? /[^\p{L}\p{N}\s_-]/gu : /[^\w\s-]/g, '')
        .trim()
        .replace(/[-\s]+/g, '-')
        .slice(0, maxLength)
        .replace(/-$/, '');
    const script = document.getElementById('django-admin-prepopulated-fields-constants');
    const all = JSON.parse(script?.dataset['prepopulatedFields'] ?? '[]');
    const connect = (one, rename) => {
        const find = (selector) => document.querySelector(rename(selector));
        const field = find(one.id);
        if (!field || field.value)
            return;
        let isOwn = false;
        field.addEventListener('input', () => {
            isOwn = field.value !== '';
        });
        const sources = one.dependency_ids.map(find).filter((source) => source !== null);
        const shown = (source) => source instanceof HTMLSelectElement ? (source.selectedOptions[0]?.text ?? '') : source.value;
        const fill = () => {
            if (!isOwn)
                field.value = slug(sources.map(shown).join(' '), one);
        };
        for (const source of sources)
            for (const name of ['input', 'change'])
                source.addEventListener(name, fill);
    };
    for (const one of all)
        if (!one.id.includes('__prefix__'))
            connect(one, (selector) => selector);
    document.addEventListener('formset:added', ({ target }) => {
        const index = target instanceof Element ? /-(\d+)$/.exec(target.id)?.[1] : undefined;
        const prefix = target instanceof Element ? target.id.replace(/-\d+$/, '') : '';
        if (index === undefined)
            return;
        for (const one of all) {
            if (one.id.startsWith(`#id_${prefix}-__prefix__-`))
                connect(one, (selector) => selector.replace('__prefix__', index));
        }
    });
}
