/** Abbreviations of time zones that ICU does not know in any kind of English, from the IANA database. */

/** An abbreviation, minutes east of UTC (`d` behind them: only in daylight saving time), and where it is used. */
const ROWS: readonly (readonly [name: string, minutes: string, zones: string])[] = [
  ['+00', '0', 'Africa/Casablanca Africa/El_Aaiun Antarctica/Troll'],
  ['+01', '60', 'Africa/Casablanca Africa/El_Aaiun'],
  ['CAT', '120', 'Africa/Windhoek'],
  ['HST', '-600', 'America/Adak America/Atka US/Aleutian'],
  ['HDT', '-540', 'America/Adak America/Atka US/Aleutian'],
  [
    'MST',
    '-420',
    'America/Chihuahua America/Ciudad_Juarez America/Dawson America/Hermosillo America/Mazatlan America/Whitehorse ' +
      'Mexico/BajaSur Canada/Yukon',
  ],
  ['MDT', '-360d', 'America/Chihuahua America/Ciudad_Juarez America/Mazatlan Mexico/BajaSur'],
  ['CDT', '-240', 'America/Havana Cuba'],
  ['CST', '-300', 'America/Havana Cuba'],
  ['-03', '-180', 'America/Miquelon'],
  ['-02', '-120', 'America/Miquelon'],
  ['+08', '480', 'Antarctica/Casey'],
  [
    'CST',
    '480',
    'Asia/Chongqing Asia/Chungking Asia/Harbin Asia/Macao Asia/Macau Asia/Shanghai Asia/Taipei PRC ROC',
  ],
  ['+0530', '330', 'Asia/Colombo'],
  ['+04', '240', 'Asia/Dubai Asia/Muscat'],
  ['HKT', '480', 'Asia/Hong_Kong Hongkong'],
  ['WIB', '420', 'Asia/Jakarta Asia/Pontianak'],
  ['WITA', '480', 'Asia/Makassar Asia/Ujung_Pandang'],
  ['WIT', '540', 'Asia/Jayapura'],
  ['IST', '120', 'Asia/Jerusalem Asia/Tel_Aviv Israel'],
  ['IDT', '180', 'Asia/Jerusalem Asia/Tel_Aviv Israel'],
  ['PKT', '300', 'Asia/Karachi'],
  ['PST', '480', 'Asia/Manila'],
  ['KST', '510', 'Asia/Pyongyang'],
  ['KST', '540', 'Asia/Pyongyang Asia/Seoul ROK'],
  ['JST', '540', 'Asia/Tokyo Japan'],
  ['+0845', '525', 'Australia/Eucla'],
  ['+1030', '630', 'Australia/LHI Australia/Lord_Howe'],
  ['+11', '660', 'Australia/LHI Australia/Lord_Howe'],
  ['IST', '60', 'Eire Europe/Dublin'],
  ['BST', '60', 'Europe/Guernsey Europe/Isle_of_Man Europe/Jersey'],
  ['MSK', '180', 'Europe/Kirov Europe/Moscow Europe/Simferopol Europe/Volgograd W-SU'],
  ['MSK', '240', 'Europe/Kirov Europe/Moscow Europe/Simferopol Europe/Volgograd W-SU'],
  ['MSD', '240d', 'Europe/Kirov Europe/Moscow Europe/Volgograd W-SU'],
  ['MET', '60', 'MET'],
  ['MEST', '120', 'MET'],
  ['ChST', '600', 'Pacific/Guam Pacific/Saipan'],
  ['SST', '-660', 'Pacific/Midway Pacific/Pago_Pago Pacific/Samoa US/Samoa'],
  ['GMT', '0', 'Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich GMT GMT+0 GMT-0 GMT0 Greenwich'],
];

let table: Map<string, string> | undefined;

/** The abbreviation of a zone at an offset in seconds, where ICU has none. */
export function knownAbbreviation(zone: string, offset: number, dst: boolean): string | undefined {
  table ??= new Map(
    ROWS.flatMap(([name, minutes, zones]) =>
      zones.split(' ').map((each) => [`${each} ${minutes}`, name] as const),
    ),
  );
  const key = `${zone} ${offset / 60}`;
  return (dst ? table.get(`${key}d`) : undefined) ?? table.get(key);
}
