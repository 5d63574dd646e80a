/** Where `runserver` listens. */
import { CommandError } from '../management/errors';

// A port, or an address and a port: IPv4, IPv6 in brackets, or a name.
const ADDRPORT =
  /^(?:((\d{1,3}(?:\.\d{1,3}){3})|(\[[a-fA-F0-9:]+\])|([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*)):)?(\d+)$/;

/** Where to listen. */
export interface Address {
  addr: string;
  port: number;
  ipv6: boolean;
  /** Whether `addr` is an IPv6 address, not a name: shown in brackets. */
  rawIpv6: boolean;
}

/**
 * Reads `8000`, `0.0.0.0:8000`, `[::1]:8000` or `localhost:8000`.
 *
 * @throws CommandError for anything else.
 */
export function parseAddrport(text: string | undefined, useIpv6: boolean): Address {
  let [addr, port, ipv6, rawIpv6] = ['', '8000', useIpv6, false];
  if (text) {
    const match = text.length > 300 ? null : ADDRPORT.exec(text);
    if (match === null || Number(match[5]) > 65_535) {
      throw new CommandError(`"${text}" is not a valid port number or address:port pair.`);
    }
    [addr, port] = [match[1] ?? '', match[5] as string];
    if (match[3] !== undefined) [addr, ipv6, rawIpv6] = [addr.slice(1, -1), true, true];
    else if (addr && useIpv6 && match[4] === undefined) {
      throw new CommandError(`"${addr}" is not a valid IPv6 address.`);
    }
  }
  if (!addr) [addr, rawIpv6] = [ipv6 ? '::1' : '127.0.0.1', ipv6];
  return { addr: addr === '0' ? '0.0.0.0' : addr, port: Number(port), ipv6, rawIpv6 };
}
