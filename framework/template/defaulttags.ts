/**
 * The tags that every template has.
 *
 * Django: `django.template.defaulttags`; https://docs.djangoproject.com/en/5.2/ref/templates/builtins/
 */
import { Library } from './library';
import { registerFlowTags } from './tags/flow';
import { registerLoopTags } from './tags/loops';
import { registerPartialTags } from './tags/partials';
import { registerValueTags } from './tags/values';

export const register = new Library();

registerFlowTags(register);
registerLoopTags(register);
registerPartialTags(register);
registerValueTags(register);
