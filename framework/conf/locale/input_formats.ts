/**
 * How dates and times are typed in languages, by locale. Django: `*_INPUT_FORMATS` of `django.conf.locale.*.formats`.
 *
 * The formats of one kind are in one text, with `|` between; `null` where a language follows the settings.
 */

/** The columns of the table, which are settings too. */
export const INPUT_FORMATS = ['DATE_INPUT_FORMATS', 'TIME_INPUT_FORMATS', 'DATETIME_INPUT_FORMATS'] as const;

/** The name of a list of formats. */
export type InputFormatName = (typeof INPUT_FORMATS)[number];

// biome-ignore format: a table, a locale a line
const LOCALES: Readonly<Record<string, readonly (string | null)[]>> = {
  ar_DZ: ['%Y/%m/%d', '%H:%M|%H:%M:%S', '%Y/%m/%d %H:%M|%Y/%m/%d %H:%M:%S'],
  az: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M'],
  bn: ['%d/%m/%Y|%d/%m/%y|%d-%m-%Y|%d-%m-%y', '%H:%M:%S|%H:%M', '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M'],
  ca: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  cs: ['%d.%m.%Y|%d.%m.%y|%d. %m. %Y|%d. %m. %y', '%H:%M:%S|%H.%M|%H:%M', '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H.%M|%d.%m.%Y %H:%M|%d. %m. %Y %H:%M:%S|%d. %m. %Y %H:%M:%S.%f|%d. %m. %Y %H.%M|%d. %m. %Y %H:%M|%Y-%m-%d %H.%M'],
  cy: ['%d/%m/%Y|%d/%m/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  da: ['%d.%m.%Y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M'],
  de: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M'],
  de_CH: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M'],
  el: ['%d/%m/%Y|%d/%m/%y|%Y-%m-%d', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M|%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M'],
  en: ['%Y-%m-%d|%m/%d/%Y|%m/%d/%y|%b %d %Y|%b %d, %Y|%d %b %Y|%d %b, %Y|%B %d %Y|%B %d, %Y|%d %B %Y|%d %B, %Y', '%H:%M:%S|%H:%M:%S.%f|%H:%M', '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M'],
  en_AU: ['%d/%m/%Y|%d/%m/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  en_CA: ['%Y-%m-%d|%y-%m-%d', null, '%Y-%m-%d %H:%M:%S|%y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%y-%m-%d %H:%M'],
  en_GB: ['%d/%m/%Y|%d/%m/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  en_IE: ['%d/%m/%Y|%d/%m/%y|%d %b %Y|%d %b, %Y|%d %B %Y|%d %B, %Y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  eo: ['%Y-%m-%d|%y-%m-%d|%Y %m %d|%Y.%m.%d|%d-a de %b %Y|%d %b %Y|%d-a de %B %Y|%d %B %Y|%d %m %Y|%d/%m/%Y', '%H:%M:%S|%H:%M', '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M|%Y.%m.%d %H:%M:%S|%Y.%m.%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M|%y-%m-%d %H:%M:%S|%y-%m-%d %H:%M'],
  es: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  es_AR: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  es_CO: ['%d/%m/%Y|%d/%m/%y|%Y%m%d', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  es_MX: ['%d/%m/%Y|%d/%m/%y|%Y%m%d', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  es_NI: ['%d/%m/%Y|%d/%m/%y|%Y%m%d', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  es_PR: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  fi: ['%d.%m.%Y|%d.%m.%y', '%H.%M.%S|%H.%M.%S.%f|%H.%M', '%d.%m.%Y %H.%M.%S|%d.%m.%Y %H.%M.%S.%f|%d.%m.%Y %H.%M|%d.%m.%y %H.%M.%S|%d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M'],
  fr: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M'],
  fr_BE: ['%d.%m.%Y|%d.%m.%y|%d/%m/%Y|%d/%m/%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M'],
  fr_CA: ['%Y-%m-%d|%y-%m-%d', null, '%Y-%m-%d %H:%M:%S|%y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%y-%m-%d %H:%M'],
  fr_CH: ['%d.%m.%Y|%d.%m.%y|%d/%m/%Y|%d/%m/%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M'],
  hr: ['%Y-%m-%d|%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y. %H:%M:%S|%d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|%d.%m.%y. %H:%M:%S.%f|%d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|%d. %m. %Y. %H:%M|%d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M'],
  hu: ['%Y.%m.%d.', '%H:%M:%S|%H:%M', '%Y.%m.%d. %H:%M:%S|%Y.%m.%d. %H:%M:%S.%f|%Y.%m.%d. %H:%M'],
  id: ['%d-%m-%Y|%d/%m/%Y|%d-%m-%y|%d/%m/%y|%d %b %Y|%d %B %Y|%m/%d/%y|%m/%d/%Y', '%H.%M.%S|%H.%M', '%d-%m-%Y %H.%M.%S|%d-%m-%Y %H.%M.%S.%f|%d-%m-%Y %H.%M|%d-%m-%y %H.%M.%S|%d-%m-%y %H.%M.%S.%f|%d-%m-%y %H.%M|%m/%d/%y %H.%M.%S|%m/%d/%y %H.%M.%S.%f|%m/%d/%y %H.%M|%m/%d/%Y %H.%M.%S|%m/%d/%Y %H.%M.%S.%f|%m/%d/%Y %H.%M'],
  ig: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y'],
  it: ['%d/%m/%Y|%Y/%m/%d|%d-%m-%Y|%Y-%m-%d|%d-%m-%y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M|%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d-%m-%Y %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%Y %H:%M|%d-%m-%y %H:%M:%S|%d-%m-%y %H:%M:%S.%f|%d-%m-%y %H:%M'],
  ka: ['%Y-%m-%d|%m/%d/%Y|%m/%d/%y|%d.%m.%Y|%d.%m.%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M'],
  ko: ['%Y-%m-%d|%m/%d/%Y|%m/%d/%y|%Y년 %m월 %d일', '%H:%M:%S|%H:%M:%S.%f|%H:%M|%H시 %M분 %S초|%H시 %M분', '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M|%Y년 %m월 %d일 %H시 %M분 %S초|%Y년 %m월 %d일 %H시 %M분'],
  ky: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y'],
  lt: ['%Y-%m-%d|%d.%m.%Y|%d.%m.%y', '%H:%M:%S|%H:%M:%S.%f|%H:%M|%H.%M.%S|%H.%M.%S.%f|%H.%M', '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y %H.%M.%S|%d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M'],
  lv: ['%Y-%m-%d|%d.%m.%Y|%d.%m.%y', '%H:%M:%S|%H:%M:%S.%f|%H:%M|%H.%M.%S|%H.%M.%S.%f|%H.%M', '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y %H.%M.%S|%d.%m.%y %H.%M.%S.%f|%d.%m.%y %H.%M'],
  mk: ['%d.%m.%Y|%d.%m.%y|%d. %m. %Y|%d. %m. %y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d. %m. %Y %H:%M:%S|%d. %m. %Y %H:%M:%S.%f|%d. %m. %Y %H:%M|%d. %m. %y %H:%M:%S|%d. %m. %y %H:%M:%S.%f|%d. %m. %y %H:%M'],
  ml: ['%Y-%m-%d|%m/%d/%Y|%m/%d/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M'],
  ms: ['%Y-%m-%d|%d/%m/%Y|%d/%m/%y|%d %b %Y|%d %b, %Y|%d %B %Y|%d %B, %Y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  nb: ['%Y-%m-%d|%d.%m.%Y|%d.%m.%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M'],
  nl: ['%d-%m-%Y|%d-%m-%y|%d/%m/%Y|%d/%m/%y|%Y/%m/%d', '%H:%M:%S|%H:%M:%S.%f|%H.%M:%S|%H.%M:%S.%f|%H.%M|%H:%M', '%d-%m-%Y %H:%M:%S|%d-%m-%y %H:%M:%S|%Y-%m-%d %H:%M:%S|%d/%m/%Y %H:%M:%S|%d/%m/%y %H:%M:%S|%Y/%m/%d %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%y %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|%d/%m/%Y %H:%M:%S.%f|%d/%m/%y %H:%M:%S.%f|%Y/%m/%d %H:%M:%S.%f|%d-%m-%Y %H.%M:%S|%d-%m-%y %H.%M:%S|%d/%m/%Y %H.%M:%S|%d/%m/%y %H.%M:%S|%d-%m-%Y %H.%M:%S.%f|%d-%m-%y %H.%M:%S.%f|%d/%m/%Y %H.%M:%S.%f|%d/%m/%y %H.%M:%S.%f|%d-%m-%Y %H:%M|%d-%m-%y %H:%M|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M|%d/%m/%y %H:%M|%Y/%m/%d %H:%M|%d-%m-%Y %H.%M|%d-%m-%y %H.%M|%d/%m/%Y %H.%M|%d/%m/%y %H.%M'],
  nn: ['%Y-%m-%d|%d.%m.%Y|%d.%m.%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M'],
  pl: ['%d.%m.%Y|%d.%m.%y|%y-%m-%d', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M'],
  pt: ['%Y-%m-%d|%d/%m/%Y|%d/%m/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  pt_BR: ['%d/%m/%Y|%d/%m/%y', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d/%m/%y %H:%M:%S.%f|%d/%m/%y %H:%M'],
  ro: ['%d.%m.%Y|%d.%b.%Y|%d %B %Y|%A, %d %B %Y', '%H:%M|%H:%M:%S|%H:%M:%S.%f', '%d.%m.%Y, %H:%M|%d.%m.%Y, %H:%M:%S|%d.%B.%Y, %H:%M|%d.%B.%Y, %H:%M:%S'],
  ru: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M'],
  sk: ['%d.%m.%Y|%d.%m.%y|%y-%m-%d', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M'],
  sl: ['%d.%m.%Y|%d.%m.%y|%d-%m-%Y|%d. %m. %Y|%d. %m. %y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d-%m-%Y %H:%M:%S|%d-%m-%Y %H:%M:%S.%f|%d-%m-%Y %H:%M|%d. %m. %Y %H:%M:%S|%d. %m. %Y %H:%M:%S.%f|%d. %m. %Y %H:%M|%d. %m. %y %H:%M:%S|%d. %m. %y %H:%M:%S.%f|%d. %m. %y %H:%M'],
  sr: ['%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.', null, '%d.%m.%Y. %H:%M:%S|%d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|%d.%m.%y. %H:%M:%S.%f|%d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|%d. %m. %Y. %H:%M|%d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M'],
  sr_Latn: ['%d.%m.%Y.|%d.%m.%y.|%d. %m. %Y.|%d. %m. %y.', null, '%d.%m.%Y. %H:%M:%S|%d.%m.%Y. %H:%M:%S.%f|%d.%m.%Y. %H:%M|%d.%m.%y. %H:%M:%S|%d.%m.%y. %H:%M:%S.%f|%d.%m.%y. %H:%M|%d. %m. %Y. %H:%M:%S|%d. %m. %Y. %H:%M:%S.%f|%d. %m. %Y. %H:%M|%d. %m. %y. %H:%M:%S|%d. %m. %y. %H:%M:%S.%f|%d. %m. %y. %H:%M'],
  sv: ['%Y-%m-%d|%m/%d/%Y|%m/%d/%y', null, '%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M:%S.%f|%Y-%m-%d %H:%M|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M:%S.%f|%m/%d/%Y %H:%M|%m/%d/%y %H:%M:%S|%m/%d/%y %H:%M:%S.%f|%m/%d/%y %H:%M'],
  tg: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y'],
  th: ['%d/%m/%Y|%d %b %Y|%d %B %Y', '%H:%M:%S|%H:%M:%S.%f|%H:%M', '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M'],
  tk: ['%d.%m.%Y|%d.%m.%y', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d.%m.%Y|%d.%m.%y %H:%M:%S|%d.%m.%y %H:%M:%S.%f|%d.%m.%y %H:%M|%d.%m.%y'],
  tr: ['%d/%m/%Y|%d/%m/%y|%y-%m-%d', null, '%d/%m/%Y %H:%M:%S|%d/%m/%Y %H:%M:%S.%f|%d/%m/%Y %H:%M'],
  uk: ['%d.%m.%Y|%d %B %Y', '%H:%M:%S|%H:%M:%S.%f|%H:%M', '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d %B %Y %H:%M:%S|%d %B %Y %H:%M:%S.%f|%d %B %Y %H:%M'],
  uz: ['%d.%m.%Y|%d-%B, %Y-yil', null, '%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M:%S.%f|%d.%m.%Y %H:%M|%d-%B, %Y-yil %H:%M:%S|%d-%B, %Y-yil %H:%M:%S.%f|%d-%B, %Y-yil %H:%M'],
  zh_Hans: ['%Y/%m/%d|%Y-%m-%d|%Y年%n月%j日', '%H:%M|%H:%M:%S|%H:%M:%S.%f', '%Y/%m/%d %H:%M|%Y-%m-%d %H:%M|%Y年%n月%j日 %H:%M|%Y/%m/%d %H:%M:%S|%Y-%m-%d %H:%M:%S|%Y年%n月%j日 %H:%M:%S|%Y/%m/%d %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|%Y年%n月%j日 %H:%n:%S.%f'],
  zh_Hant: ['%Y/%m/%d|%Y-%m-%d|%Y年%n月%j日', '%H:%M|%H:%M:%S|%H:%M:%S.%f', '%Y/%m/%d %H:%M|%Y-%m-%d %H:%M|%Y年%n月%j日 %H:%M|%Y/%m/%d %H:%M:%S|%Y-%m-%d %H:%M:%S|%Y年%n月%j日 %H:%M:%S|%Y/%m/%d %H:%M:%S.%f|%Y-%m-%d %H:%M:%S.%f|%Y年%n月%j日 %H:%n:%S.%f'],
};

/** The formats of a locale, if it has any. */
export function localeInputFormats(locale: string, name: InputFormatName): readonly string[] | undefined {
  const row = Object.hasOwn(LOCALES, locale) ? LOCALES[locale] : undefined;
  return row?.[INPUT_FORMATS.indexOf(name)]?.split('|');
}
