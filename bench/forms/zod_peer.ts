/** The twenty fields as a zod schema. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

interface Issue {
  readonly path: readonly (string | number)[];
}
interface Schema {
  safeParse(
    values: unknown,
  ): { success: true; error?: undefined } | { success: false; error: { issues: Issue[] } };
}

/** Installs zod where it is missing. */
function zod(): Record<string, (...args: unknown[]) => never> & { coerce: Record<string, () => never> } {
  if (!existsSync(path.join(__dirname, 'node_modules', '.package-lock.json'))) {
    process.stderr.write('installing zod in bench/forms\n');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: __dirname,
      stdio: 'inherit',
    });
  }
  return (require(path.join(__dirname, 'node_modules', 'zod')) as { z: never }).z;
}

// biome-ignore lint/suspicious/noExplicitAny: zod is installed apart, without its types
type Any = any;

export function twentySchema(): Schema {
  const z = zod() as Any;
  const ten = () => ({
    name: z.string().trim().min(1).max(100),
    email: z.email().max(320),
    count: z.coerce.number().int().min(0),
    city: z.string().trim().min(1).max(100),
    price: z
      .string()
      .regex(/^\d{1,6}(\.\d{1,2})?$/)
      .transform(Number),
    day: z.iso.date().transform((text: string) => new Date(text)),
    agreed: z.literal('on'),
    color: z.enum(['red', 'green', 'blue', 'white', 'black']),
    notes: z.string().trim().min(1),
    site: z.url(),
  });
  const fields: Record<string, unknown> = {};
  for (const letter of ['a', 'b']) {
    for (const [name, each] of Object.entries(ten())) fields[`${name}_${letter}`] = each;
  }
  return z.object(fields) as Schema;
}
