/** Lines of schema.jsonl that cannot agree, by the reason. */
export const SCHEMA_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'A constraint that is added and that Meta does not have: Django remakes the table without it, here it has it.':
    ['sqlite schema.tests.SchemaTests.test_unique_constraint efd263'],
  'Django remakes the table although nothing of it changes: here nothing is sent.': [
    'sqlite migrations.test_operations.OperationTests.test_rename_m2m_through_model forwards 954c1a',
    'sqlite schema.tests.SchemaTests.test_add_foreign_object 5858a5',
    'sqlite schema.tests.SchemaTests.test_alter_implicit_id_to_explicit 364eb9',
  ],
  'Django remakes a table without any key on the way; here it has one at every moment.': [
    'sqlite schema.tests.SchemaTests.test_primary_key 0bd1a4',
  ],
  'Django renames a column and forgets the index that it gets, or loses.': [
    'sqlite mig_extra.tests.Matrix.test_alter forwards 18680f',
    'sqlite mig_extra.tests.Matrix.test_alter forwards be2807',
  ],
  'What the recorded test’s own class of fields does was not recorded.': [
    'mysql schema.tests.SchemaTests.test_add_binaryfield_mediumblob ef76a7',
    'mysql schema.tests.SchemaTests.test_add_field_default_transform b9d235',
    'postgresql schema.tests.SchemaTests.test_add_field_default_transform a09f51',
    'sqlite schema.tests.SchemaTests.test_add_field_default_transform 4ce456',
  ],
  'Django fails at a truncated date as default of the database; here it works.': [
    'postgresql mig_extra.tests.Models.test_db_default backwards e9bb98',
    'postgresql mig_extra.tests.Models.test_db_default forwards 235cd8',
  ],
  'The server that was recorded had another name for the index of a foreign key.': [
    'mysql mig_extra.tests.Matrix.test_alter forwards e27c2a',
  ],
};
