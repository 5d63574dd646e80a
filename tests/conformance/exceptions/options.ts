/** Lines of model_options.jsonl that cannot agree, by the reason. */
export const OPTION_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'Fields of abstract bases were folded into the model’s own: of those alone Django says it by a check.': [
    'Options model_inheritance.ConcreteDescendant model_inheritance.test_abstract_inheritance.AbstractInheritanceTests.test_multi_inheritance_field_clashes 020d9a',
  ],
  'A class of the recorded tests’ own that does more than its base, or two fields of one name.': [
    'Options constraints.NoCodeErrorConstraintModel constraints.tests.UniqueConstraintTests.test_model_validation_constraint_no_code_error 90c733',
    'Options schema.LocalAuthorWithM2M schema.tests.SchemaTests.test_m2m_db_constraint_custom a9b13e',
    'Options schema.LocalAuthorWithM2MThrough schema.tests.SchemaTests.test_m2m_through_alter_custom 7d4923',
    'Options schema.LocalAuthorWithM2MThrough schema.tests.SchemaTests.test_m2m_through_alter_inherited 1bedd7',
    'Options schema.LocalBookWithM2M schema.tests.SchemaTests.test_m2m_create_custom f34a10',
    'Options schema.LocalBookWithM2M schema.tests.SchemaTests.test_m2m_repoint_custom 9399da',
    'Options schema.LocalBookWithM2MThrough schema.tests.SchemaTests.test_m2m_create_through_custom fb1650',
  ],
  'What a field refers to is not there, or not installed, which a line cannot say.': [
    'Options invalid_models_tests.Model invalid_models_tests.test_relative_fields.RelativeFieldTests.test_foreign_key_to_abstract_model 32ddaa',
    'Options migrations.TestModel migrations.test_state.StateTests.test_real_apps 2988e8',
  ],
  'The recorded test made it otherwise than a line can say: a changed Meta, a set, an option that is false.':
    [
      'Options invalid_models_tests.Model invalid_models_tests.test_ordinary_fields.AutoFieldTests.test_primary_key 3f56f6',
      'Options schema.Foo schema.tests.SchemaTests.test_referenced_table_without_constraint_rename_inside_atomic_block 683cca',
      'Options schema.NewTag schema.tests.SchemaTests.test_primary_key 0e8d25',
    ],
};
