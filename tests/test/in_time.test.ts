/** What contracts say of time, where the machine is slower than what they wait for. */

import { setTimeout as wait } from 'node:timers/promises';
import { inTime } from '../../framework/test/contracts/in_time';

describe('an attempt in time', () => {
  it('begins again where it failed because it was late', async () => {
    const begun: number[] = [];
    await inTime(0.01, async () => {
      begun.push(begun.length);
      await wait(20);
      if (begun.length === 1) throw new Error('ended meanwhile');
    });
    expect(begun).toEqual([0, 1]);
  });

  it('fails at once where it was in time, and in the end where it never is', async () => {
    const early = jest.fn(() => Promise.reject(new Error('wrong')));
    await expect(inTime(60, early)).rejects.toThrow('wrong');
    expect(early).toHaveBeenCalledTimes(1);
    const late = jest.fn(async () => {
      await wait(2);
      throw new Error('always late');
    });
    await expect(inTime(0.001, late)).rejects.toThrow('always late');
    expect(late).toHaveBeenCalledTimes(3);
  });
});
