/** A folder with the packed package and what the repository has installed: no registry is asked. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from '../pack';
import { ROOT } from '../site';

/** Each page has a folder of its own below; `node_modules` is one for all. */
export class SampleFolder {
  readonly root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'tsango-samples-')));

  /** @param without the packages that are installed only later. */
  constructor(without: readonly string[] = []) {
    const tarball = pack(this.root);
    const modules = path.join(this.root, 'node_modules');
    mkdirSync(path.join(modules, 'tsango'), { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', path.join(modules, 'tsango'), '--strip-components=1'], {
      cwd: this.root,
    });
    const installed = path.join(ROOT, 'node_modules');
    for (const name of readdirSync(installed)) {
      if (name === 'tsango' || without.includes(name) || (name.startsWith('.') && name !== '.bin')) continue;
      if (name !== '.bin') symlinkSync(path.join(installed, name), path.join(modules, name));
      else {
        mkdirSync(path.join(modules, name));
        for (const command of readdirSync(path.join(installed, name)))
          symlinkSync(path.join(installed, name, command), path.join(modules, name, command));
      }
    }
    symlinkSync('../tsango/dist/bin/tsango.js', path.join(modules, '.bin', 'tsango'));
    // npm asks for what was installed: here that is the tarball.
    const dependencies = { tsango: `file:${tarball}` };
    writeFileSync(path.join(this.root, 'package.json'), JSON.stringify({ private: true, dependencies }));
  }

  /** An empty folder for a page. */
  page(): string {
    const folder = mkdtempSync(path.join(this.root, 'page-'));
    symlinkSync('../node_modules', path.join(folder, 'node_modules'));
    return folder;
  }

  /** The environment of what runs below: nothing that the test runner set. */
  env(): NodeJS.ProcessEnv {
    const commands = path.join(this.root, 'node_modules', '.bin');
    return { PATH: `${commands}:${process.env['PATH']}`, HOME: process.env['HOME'], NO_COLOR: '1' };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
