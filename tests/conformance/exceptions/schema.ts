/** Lines of schema.jsonl that cannot agree, by the reason. */
export const SCHEMA_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'The recorded test changed Meta while it ran, which no line has: a constraint that is, or is not, the model’s own.':
    [
      'mysql schema.tests.SchemaTests.test_remove_field_check_does_not_remove_meta_constraints d0eab7',
      'postgresql schema.tests.SchemaTests.test_remove_field_check_does_not_remove_meta_constraints c2f28a',
      'sqlite schema.tests.SchemaTests.test_remove_field_check_does_not_remove_meta_constraints 348252',
      'sqlite schema.tests.SchemaTests.test_remove_field_check_does_not_remove_meta_constraints c78353',
      'sqlite schema.tests.SchemaTests.test_unique_constraint efd263',
    ],
  'Django remakes the table although nothing of it changes: here nothing is sent.': [
    'sqlite migrations.test_operations.OperationTests.test_rename_m2m_through_model forwards 954c1a',
    'sqlite schema.tests.SchemaTests.test_add_foreign_object 5858a5',
    'sqlite schema.tests.SchemaTests.test_alter_implicit_id_to_explicit 364eb9',
  ],
  'The words of JSON stand in the order of a Python set.': [
    'sqlite schema.tests.SchemaTests.test_func_index_json_key_transform_cast af5312',
  ],
  'Django’s reader of SQLite’s definitions misses a check after a backslash; the statement is the same.': [
    'sqlite migrations.test_operations.OperationTests.test_add_constraint_percent_escaping forwards beb31d',
  ],
  'Django remakes the tables that refer to a key in the order of a Python set.': [
    'sqlite migrations.test_operations.OperationTests.test_alter_field_pk_fk_db_collation backwards 899e8c',
    'sqlite migrations.test_operations.OperationTests.test_alter_field_pk_fk_db_collation forwards b8c46c',
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
  'An operation that runs code was recorded without its place among the others.': [
    'mysql migrations.test_commands.MigrateTests.test_sqlmigrate_for_non_atomic_migration forwards ecb508',
    'postgresql migrations.test_commands.MigrateTests.test_sqlmigrate_for_non_atomic_migration forwards 0ef371',
    'sqlite migrations.test_commands.MigrateTests.test_sqlmigrate_for_non_atomic_migration forwards e74e10',
  ],
  'The recorded test registers lookups, which no line has.': [
    'postgresql schema.tests.SchemaTests.test_func_index_lookups 25f8ff',
    'sqlite schema.tests.SchemaTests.test_func_index_lookups 5f6156',
  ],
  'One operation was recorded forwards and backwards as if it had gone forwards twice.': [
    'mysql migrations.test_operations.OperationTests.test_run_sql forwards 314337',
    'postgresql migrations.test_operations.OperationTests.test_run_sql forwards 0a7be7',
    'sqlite migrations.test_operations.OperationTests.test_run_sql forwards 0de96a',
  ],
  'Django fails at a truncated date as default of the database; here it works.': [
    'postgresql mig_extra.tests.Models.test_db_default backwards e9bb98',
    'postgresql mig_extra.tests.Models.test_db_default forwards 235cd8',
  ],
  'A text that is joined is cast: PostgreSQL makes the same of it.': [
    'postgresql mig_extra.tests.Models.test_generated forwards 4a6e52',
    'postgresql mig_extra.tests.Models.test_generated forwards a44358',
  ],
  'A model that refers to the altered one was left out of the line.': [
    'mysql migrations.test_operations.OperationTests.test_alter_field_reloads_state_on_fk_with_to_field_target_changes forwards 6bd27a',
    'mysql schema.tests.SchemaTests.test_no_db_constraint_added_during_primary_key_change 7087c6',
    'postgresql migrations.test_operations.OperationTests.test_alter_field_reloads_state_on_fk_with_to_field_target_changes forwards fa818b',
    'postgresql schema.tests.SchemaTests.test_no_db_constraint_added_during_primary_key_change 8cec9c',
  ],
  'sqlmigrate names an index that is not in the database as Django would have named it; Django refuses.': [
    'mysql migrations.test_operations.OperationTests.test_rename_index_unknown_unnamed_index forwards e5891f',
    'postgresql migrations.test_operations.OperationTests.test_rename_index_unknown_unnamed_index forwards e15dde',
  ],
  'MySQL’s Django compares a condition with true; it is the same condition.': [
    'mysql migrations.test_operations.OperationTests.test_create_model_with_boolean_expression_in_check_constraint forwards 9b4d2c',
  ],
  'The server that was recorded had another name for the index of a foreign key.': [
    'mysql mig_extra.tests.Matrix.test_alter forwards e27c2a',
  ],
  'mysqlclient writes false as b’0’ where nothing is sent.': [
    'mysql migrations.test_commands.MigrateTests.test_sqlmigrate_for_non_transactional_databases forwards 7bdb13',
  ],
};
