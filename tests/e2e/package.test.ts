/** The package as a user has it; see support/installed. One installation for all of it: the order counts. */
import { InstalledPackage } from '../support/installed';
import { describeWith } from '../support/services';
import { contents } from './package/contents';
import { peers } from './package/peers';
import { project } from './package/project';
import { types } from './package/types';

describeWith('registry', 'the packed package', () => {
  let installed: InstalledPackage;
  beforeAll(() => {
    installed = new InstalledPackage();
  }, 300_000);
  afterAll(() => installed?.remove(''));

  const get = (): InstalledPackage => installed;
  // First what holds without anything else installed; the project brings a driver, a compiler and more.
  describe('what is in it', () => contents(get));
  describe('its types', () => types(get));
  describe('its optional peers', () => peers(get));
  describe('a project', () => project(get));
});
