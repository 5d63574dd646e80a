import { paragraph, paragraphs, sentence, words } from 'tsango/utils/lorem_ipsum';

it('starts with the words that everybody knows', () => {
  expect(words(7)).toBe('lorem ipsum dolor sit amet consectetur adipisicing');
  expect(words(19).split(' ').at(-1)).toBe('aliqua');
  expect(words(25).split(' ')).toHaveLength(25);
  expect(words(1000, false).split(' ')).toHaveLength(1000);
  expect(words(0)).toBe('');
  expect(words(-17)).toBe('lorem ipsum');
});

it('makes sentences and paragraphs', () => {
  expect(sentence()).toMatch(/^[A-Z][a-z]*( [a-z]+|, [a-z]+)*[?.]$/);
  expect(paragraph()).toMatch(/[?.]$/);
  const [first, second] = paragraphs(2);
  expect(first).toMatch(/^Lorem ipsum dolor sit amet, .* laborum\.$/);
  expect(second).not.toBe(first);
  expect(paragraphs(1, false)[0]).not.toBe(first);
});
