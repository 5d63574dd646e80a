import { CommandError } from 'tsango/core/management';
import { parseAddrport } from 'tsango/core/servers/address';

describe('parseAddrport', () => {
  it.each([
    [undefined, false, '127.0.0.1', 8000, false, false],
    [undefined, true, '::1', 8000, true, true],
    ['7000', false, '127.0.0.1', 7000, false, false],
    ['7000', true, '::1', 7000, true, true],
    ['1.2.3.4:8000', false, '1.2.3.4', 8000, false, false],
    ['0:8000', false, '0.0.0.0', 8000, false, false],
    ['[2001:0db8:1234:5678::9]:7000', false, '2001:0db8:1234:5678::9', 7000, true, true],
    ['localhost:8000', false, 'localhost', 8000, false, false],
    ['test.domain.local:7000', true, 'test.domain.local', 7000, true, false],
  ])('reads %j (ipv6: %j)', (text, useIpv6, addr, port, ipv6, rawIpv6) => {
    expect(parseAddrport(text, useIpv6)).toEqual({ addr, port, ipv6, rawIpv6 });
  });

  it.each([
    'http',
    '127.0.0.1:http',
    ':8000',
    '[::1]',
    '::1:8000',
    '65536',
    '1.2.3.4:',
    '-1',
    'a'.repeat(100_000),
  ])('refuses %.20j', (text) => {
    expect(() => parseAddrport(text, false)).toThrow(
      new CommandError(`"${text}" is not a valid port number or address:port pair.`),
    );
  });

  it('refuses an IPv4 address where IPv6 is asked for', () => {
    expect(() => parseAddrport('1.2.3.4:8000', true)).toThrow(
      new CommandError('"1.2.3.4" is not a valid IPv6 address.'),
    );
  });
});
