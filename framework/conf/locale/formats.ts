/**
 * How languages write dates and numbers, by locale (`de`, `pt_BR`). Django: `django.conf.locale.*.formats`.
 *
 * `null` where a language follows the settings.
 */

/** The columns of the table, which are settings too. */
export const FORMATS = [
  'DATE_FORMAT',
  'TIME_FORMAT',
  'DATETIME_FORMAT',
  'YEAR_MONTH_FORMAT',
  'MONTH_DAY_FORMAT',
  'SHORT_DATE_FORMAT',
  'SHORT_DATETIME_FORMAT',
  'FIRST_DAY_OF_WEEK',
  'DECIMAL_SEPARATOR',
  'THOUSAND_SEPARATOR',
  'NUMBER_GROUPING',
] as const;

/** The name of a format. */
export type FormatName = (typeof FORMATS)[number];

type Row = readonly (string | number | readonly number[] | null)[];

// biome-ignore format: a table, a locale a line
const LOCALES: Readonly<Record<string, Row>> = {
  ar: ['j F، Y', 'g:i A', null, 'F Y', 'j F', 'd\u200f/m\u200f/Y', null, null, ',', '.', null],
  ar_DZ: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'j F Y', 'j F Y H:i', 0, ',', '.', 3],
  az: ['j E Y', 'G:i', 'j E Y, G:i', 'F Y', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  bg: ['d F Y', 'H:i', null, null, 'j F', 'd.m.Y', null, null, ',', '\u00a0', null],
  bn: ['j F, Y', 'g:i A', null, 'F Y', 'j F', 'j M, Y', null, 6, '.', ',', null],
  bs: ['j. N Y.', 'G:i', 'j. N. Y. G:i T', 'F Y.', 'j. F', 'Y M j', null, null, ',', '.', null],
  ca: ['j E \\d\\e Y', 'G:i', 'j E \\d\\e Y \\a \\l\\e\\s G:i', 'F \\d\\e\\l Y', 'j E', 'd/m/Y', 'd/m/Y G:i', 1, ',', '.', 3],
  ckb: ['j F Y', 'G:i', 'j F Y، کاتژمێر G:i', 'F Y', 'j F', 'Y/n/j', 'Y/n/j،\u200f G:i', 6, '.', ',', null],
  cs: ['j. E Y', 'G:i', 'j. E Y G:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y G:i', 1, ',', '\u00a0', 3],
  cy: ['j F Y', 'P', 'j F Y, P', 'F Y', 'j F', 'd/m/Y', 'd/m/Y P', 1, '.', ',', 3],
  da: ['j. F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '.', 3],
  de: ['j. F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '.', 3],
  de_CH: ['j. F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  el: ['d/m/Y', 'P', 'd/m/Y P', 'F Y', 'j F', 'd/m/Y', 'd/m/Y P', 0, ',', '.', 3],
  en: ['N j, Y', 'P', 'N j, Y, P', 'F Y', 'F j', 'm/d/Y', 'm/d/Y P', 0, '.', ',', 3],
  en_AU: ['j M Y', 'P', 'j M Y, P', 'F Y', 'j F', 'd/m/Y', 'd/m/Y P', 0, '.', ',', 3],
  en_CA: ['j M Y', 'P', 'j M Y, P', 'F Y', 'j F', 'Y-m-d', 'Y-m-d P', 0, '.', '\u00a0', 3],
  en_GB: ['j M Y', 'P', 'j M Y, P', 'F Y', 'j F', 'd/m/Y', 'd/m/Y P', 1, '.', ',', 3],
  en_IE: ['j M Y', 'H:i', 'j M Y, H:i', 'F Y', 'j F', 'd/m/Y', 'd/m/Y H:i', 1, '.', ',', 3],
  eo: ['j\\-\\a \\d\\e F Y', 'H:i', 'j\\-\\a \\d\\e F Y\\, \\j\\e H:i', 'F \\d\\e Y', 'j\\-\\a \\d\\e F', 'Y-m-d', 'Y-m-d H:i', 1, ',', '\u00a0', 3],
  es: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 1, ',', '\u00a0', 3],
  es_AR: ['j N Y', 'H:i', 'j N Y H:i', 'F Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 0, ',', '.', 3],
  es_CO: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 1, ',', '.', 3],
  es_MX: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 1, '.', ',', 3],
  es_NI: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 1, '.', ',', 3],
  es_PR: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\a \\l\\a\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 0, '.', ',', 3],
  et: ['j. F Y', 'G:i', null, null, 'j. F', 'd.m.Y', null, null, ',', '\u00a0', null],
  eu: ['Y\\k\\o N j\\a', 'H:i', 'Y\\k\\o N j\\a, H:i', 'Y\\k\\o F', 'F\\r\\e\\n j\\a', 'Y-m-d', 'Y-m-d H:i', 1, ',', '.', 3],
  fa: ['j F Y', 'G:i', 'j F Y، ساعت G:i', 'F Y', 'j F', 'Y/n/j', 'Y/n/j،\u200f G:i', 6, '.', ',', null],
  fi: ['j. E Y', 'G.i', 'j. E Y \\k\\e\\l\\l\\o G.i', 'F Y', 'j. F', 'j.n.Y', 'j.n.Y G.i', 1, ',', '\u00a0', 3],
  fr: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'd/m/Y', 'd/m/Y H:i', 1, ',', '\u00a0', 3],
  fr_BE: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  fr_CA: ['j F Y', 'H\u00a0h\u00a0i', 'j F Y, H\u00a0h\u00a0i', 'F Y', 'j F', 'Y-m-d', 'Y-m-d H\u00a0h\u00a0i', 0, ',', '\u00a0', 3],
  fr_CH: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  fy: [null, null, null, null, null, null, null, null, null, null, null],
  ga: ['j F Y', 'H:i', null, null, 'j F', 'j M Y', null, null, '.', ',', null],
  gd: ['j F Y', 'h:ia', 'j F Y h:ia', null, 'j F', 'j M Y', 'j M Y h:ia', 1, '.', ',', null],
  gl: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y \\á\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd-m-Y', 'd-m-Y, H:i', 1, ',', '.', null],
  he: ['j בF Y', 'H:i', 'j בF Y H:i', 'F Y', 'j בF', 'd/m/Y', 'd/m/Y H:i', null, '.', ',', null],
  hi: ['j F Y', 'g:i A', null, null, 'j F', 'd-m-Y', null, null, '.', ',', null],
  hr: ['j. E Y.', 'H:i', 'j. E Y. H:i', 'F Y.', 'j. F', 'j.m.Y.', 'j.m.Y. H:i', 1, ',', '.', 3],
  hu: ['Y. F j.', 'H:i', 'Y. F j. H:i', 'Y. F', 'F j.', 'Y.m.d.', 'Y.m.d. H:i', 1, ',', '\u00a0', 3],
  id: ['j N Y', 'G.i', 'j N Y, G.i', 'F Y', 'j F', 'd-m-Y', 'd-m-Y G.i', 1, ',', '.', 3],
  ig: ['j F Y', 'P', 'j F Y P', 'F Y', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, '.', ',', 3],
  is: ['j. F Y', 'H:i', null, 'F Y', 'j. F', 'j.n.Y', null, null, ',', '.', 3],
  it: ['d F Y', 'H:i', 'l d F Y H:i', 'F Y', 'j F', 'd/m/Y', 'd/m/Y H:i', 1, ',', '.', 3],
  ja: ['Y年n月j日', 'G:i', 'Y年n月j日G:i', 'Y年n月', 'n月j日', 'Y/m/d', 'Y/m/d G:i', null, '.', ',', 3],
  ka: ['l, j F, Y', 'h:i a', 'j F, Y h:i a', 'F, Y', 'j F', 'j.M.Y', 'j.M.Y H:i', 1, '.', ' ', 3],
  km: ['j ខែ F ឆ្នាំ Y', 'G:i', 'j ខែ F ឆ្នាំ Y, G:i', null, 'j F', 'j M Y', 'j M Y, G:i', null, ',', '.', null],
  kn: ['j F Y', 'h:i A', null, null, 'j F', 'j M Y', null, null, null, null, null],
  ko: ['Y년 n월 j일', 'A g:i', 'Y년 n월 j일 g:i A', 'Y년 n월', 'n월 j일', 'Y-n-j', 'Y-n-j H:i', null, '.', ',', 3],
  ky: ['j E Y ж.', 'G:i', 'j E Y ж. G:i', 'F Y ж.', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, '.', '\u00a0', 3],
  lt: ['Y \\m. E j \\d.', 'H:i', 'Y \\m. E j \\d., H:i', 'Y \\m. F', 'E j \\d.', 'Y-m-d', 'Y-m-d H:i', 1, ',', '.', 3],
  lv: ['Y. \\g\\a\\d\\a j. F', 'H:i', 'Y. \\g\\a\\d\\a j. F, H:i', 'Y. \\g. F', 'j. F', 'j.m.Y', 'j.m.Y H:i', 1, ',', '\u00a0', 3],
  mk: ['d F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'j.m.Y', 'j.m.Y H:i', 1, ',', '.', 3],
  ml: ['N j, Y', 'P', 'N j, Y, P', 'F Y', 'F j', 'm/d/Y', 'm/d/Y P', 0, '.', ',', 3],
  mn: ['d F Y', 'g:i A', null, null, null, 'j M Y', null, null, null, null, null],
  ms: ['j M Y', 'P', 'j M Y, P', 'F Y', 'j F', 'd/m/Y', 'd/m/Y P', 0, '.', ',', 3],
  nb: ['j. F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  nl: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'j-n-Y', 'j-n-Y H:i', 1, ',', '.', 3],
  nn: ['j. F Y', 'H:i', 'j. F Y H:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  pl: ['j E Y', 'H:i', 'j E Y H:i', 'F Y', 'j E', 'd-m-Y', 'd-m-Y  H:i', 1, ',', '\u00a0', 3],
  pt: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y à\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 0, ',', '.', 3],
  pt_BR: ['j \\d\\e F \\d\\e Y', 'H:i', 'j \\d\\e F \\d\\e Y à\\s H:i', 'F \\d\\e Y', 'j \\d\\e F', 'd/m/Y', 'd/m/Y H:i', 0, ',', '.', 3],
  ro: ['j F Y', 'H:i', 'j F Y, H:i', 'F Y', 'j F', 'd.m.Y', 'd.m.Y, H:i', 1, ',', '.', 3],
  ru: ['j E Y г.', 'G:i', 'j E Y г. G:i', 'F Y г.', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  sk: ['j. F Y', 'G:i', 'j. F Y G:i', 'F Y', 'j. F', 'd.m.Y', 'd.m.Y G:i', 1, ',', '\u00a0', 3],
  sl: ['d. F Y', 'H:i', 'j. F Y. H:i', 'F Y', 'j. F', 'j. M. Y', 'j.n.Y. H:i', 0, ',', '.', 3],
  sq: ['d F Y', 'g.i.A', null, 'F Y', 'j F', 'Y-m-d', null, null, ',', '.', null],
  sr: ['j. F Y.', 'H:i', 'j. F Y. H:i', 'F Y.', 'j. F', 'j.m.Y.', 'j.m.Y. H:i', 1, ',', '.', 3],
  sr_Latn: ['j. F Y.', 'H:i', 'j. F Y. H:i', 'F Y.', 'j. F', 'j.m.Y.', 'j.m.Y. H:i', 1, ',', '.', 3],
  sv: ['j F Y', 'H:i', 'j F Y H:i', 'F Y', 'j F', 'Y-m-d', 'Y-m-d H:i', 1, ',', '\u00a0', 3],
  ta: ['j F, Y', 'g:i A', null, null, 'j F', 'j M, Y', null, null, null, null, null],
  te: ['j F Y', 'g:i A', null, null, 'j F', 'j M Y', null, null, null, null, null],
  tg: ['j E Y г.', 'G:i', 'j E Y г. G:i', 'F Y г.', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  th: ['j F Y', 'G:i', 'j F Y, G:i', 'F Y', 'j F', 'j M Y', 'j M Y, G:i', 0, '.', ',', 3],
  tk: ['j E Y г.', 'G:i', 'j E Y г. G:i', 'F Y г.', 'j F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  tr: ['d F Y', 'H:i', 'd F Y H:i', 'F Y', 'd F', 'd M Y', 'd M Y H:i', 1, ',', '.', 3],
  ug: ['j F Y', 'G:i', null, 'F Y', 'j F', 'Y/m/d', 'Y/m/d G:i', 1, '.', ',', 3],
  uk: ['d E Y р.', 'H:i', 'd E Y р. H:i', 'F Y', 'd F', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  uz: ['j-E, Y-\\y\\i\\l', 'G:i', 'j-E, Y-\\y\\i\\l G:i', 'F Y-\\y\\i\\l', 'j-E', 'd.m.Y', 'd.m.Y H:i', 1, ',', '\u00a0', 3],
  vi: ['\\N\\gà\\y d \\t\\há\\n\\g n \\nă\\m Y', 'H:i', 'H:i \\N\\gà\\y d \\t\\há\\n\\g n \\nă\\m Y', 'F Y', 'j F', 'd-m-Y', 'H:i d-m-Y', null, ',', '.', null],
  zh_Hans: ['Y年n月j日', 'H:i', 'Y年n月j日 H:i', 'Y年n月', 'm月j日', 'Y年n月j日', 'Y年n月j日 H:i', 1, '.', '', 4],
  zh_Hant: ['Y年n月j日', 'H:i', 'Y年n月j日 H:i', 'Y年n月', 'm月j日', 'Y年n月j日', 'Y年n月j日 H:i', 1, '.', '', 4],
};

/** The formats of a locale, if it has any. */
export function localeFormats(locale: string): Row | undefined {
  return Object.hasOwn(LOCALES, locale) ? LOCALES[locale] : undefined;
}
