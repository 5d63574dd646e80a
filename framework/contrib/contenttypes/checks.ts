/** What can be wrong with models as rows of content types. Django: `django.contrib.contenttypes.checks`. */
import { Error as CheckError, type CheckMessage } from '../../core/checks/messages';
import { type CheckArguments, register, Tags } from '../../core/checks/registry';
import type { ModelClass } from '../../db/models/base';

const MAX_NAME_LENGTH = 100;

function modelsOf({ appConfigs }: CheckArguments): ModelClass[] {
  const { installedModels } =
    require('../../db/models/registry') as typeof import('../../db/models/registry');
  return appConfigs === undefined
    ? installedModels.getModels()
    : appConfigs.flatMap((config) => installedModels.getModels(config));
}

function checkModelNameLengths(args: CheckArguments): CheckError[] {
  return modelsOf(args)
    .filter(({ _meta: meta }) => meta.modelName.length > MAX_NAME_LENGTH)
    .map(
      (model) =>
        new CheckError(
          `Model names must be at most ${MAX_NAME_LENGTH} characters (got ${model._meta.modelName.length}).`,
          { obj: model, id: 'contenttypes.E005' },
        ),
    );
}

/** Private fields of contrib.contenttypes, which no model checks itself: it has no column for them. */
function checkGenericFields(args: CheckArguments): CheckMessage[] {
  return modelsOf(args).flatMap(({ _meta: { privateFields, key } }) =>
    privateFields.filter(({ model }) => model.key === key).flatMap((field) => field.check(args)),
  );
}

register(checkGenericFields, Tags.models);
register(checkModelNameLengths, Tags.models);
