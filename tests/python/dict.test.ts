/** Dict: a dictionary for keys that come from outside. */
import { isPlainObject } from 'tsango/python';
import { Dict } from 'tsango/python/dict';
import { dumps } from 'tsango/python/json';
import { dumps as pickle, loads as unpickle } from 'tsango/python/pickle';

it('knows no name that it was not given', () => {
  const dict = new Dict<string>();
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect(dict[name]).toBeUndefined();
    dict[name] = 'mine';
    expect([dict[name], Object.keys(dict)]).toEqual(['mine', expect.arrayContaining([name])]);
  }
  expect(new Dict()['constructor']).toBeUndefined();
  expect({}).not.toHaveProperty('mine');
});

it('is a dictionary to whatever writes one', () => {
  const dict = Object.assign(new Dict<number>(), { a: 1 });
  expect(isPlainObject(dict)).toBe(true);
  expect(dumps(dict)).toBe('{"a":1}');
  expect(unpickle(pickle(dict))).toEqual({ a: 1 });
});
