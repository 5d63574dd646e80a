/** A real Python (with a real Django) that tests compare with: one process for a whole batch. */
import { execFileSync } from 'node:child_process';
import { SERVICES } from './services';

/**
 * Runs a Python program that reads JSON as `data` and leaves JSON-able `result`.
 *
 */
export function python<T>(program: string, data: unknown): T {
  const source = [
    'import json, sys',
    'data = json.load(sys.stdin)',
    program,
    'json.dump(result, sys.stdout)',
  ].join('\n');
  const output = execFileSync(SERVICES.python, ['-c', source], {
    input: JSON.stringify(data),
    maxBuffer: 256 * 1024 * 1024,
    encoding: 'utf8',
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  return JSON.parse(output) as T;
}
