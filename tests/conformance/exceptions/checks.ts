/** Lines of checks.jsonl that cannot agree, by the reason. */
export const CHECK_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'The fields of a GenericForeignKey were not recorded.': [
    'Field.check contenttypes_tests.Bookmark tags contenttypes_tests.test_checks.GenericRelationTests.test_valid_generic_relationship_with_explicit_fields 79188f',
  ],
  'Whether a many-to-many field is symmetrical was not recorded.': [
    'Model.check mig_extra.Item mig_extra.test_checks.Checks.test_meta 1874da',
  ],
  'The recorded test takes DEFAULT_AUTO_FIELD away, which no line has.': [
    'check_all_models check_framework.test_model_checks.ModelDefaultAutoFieldTests.test_auto_created_inherited_parent_link cb7827',
    'check_all_models check_framework.test_model_checks.ModelDefaultAutoFieldTests.test_auto_created_inherited_pk 3afcea',
  ],
  'Fields of abstract bases were folded into the model’s own: of those alone Django says it by a check.': [
    'Model.check model_inheritance.ConcreteDescendant model_inheritance.test_abstract_inheritance.AbstractInheritanceTests.test_multi_inheritance_field_clashes 2f319b',
  ],
  'What a field refers to is not there, or not installed, which a line cannot say.': [
    'Model.check check_framework.Abstract check_framework.test_model_checks.ModelDefaultAutoFieldTests.test_skipped_on_abstract_model cc3366',
    '_check_lazy_references invalid_models_tests.test_models.OtherModelTests.test_lazy_reference_checks 1fe49e',
    '_check_lazy_references invalid_models_tests.test_models.OtherModelTests.test_lazy_reference_checks b9c044',
    '_check_lazy_references invalid_models_tests.test_models.OtherModelTests.test_lazy_reference_checks cbd5e5',
    '_check_lazy_references migrations.test_state.StateTests.test_real_apps 5b697c',
  ],
  'The recorded test made it otherwise than a line can say: a changed Meta, a set, an option that is false.':
    [
      'Field.check invalid_models_tests.Model field invalid_models_tests.test_ordinary_fields.FileFieldTests.test_primary_key f1fb28',
      'Model.check mig_extra.Item mig_extra.test_checks.Checks.test_composite 634708',
    ],
  'What the recorded test put on its classes, or registered, is in no line.': [
    'Field.check invalid_models_tests.Model field invalid_models_tests.test_backend_specific.BackendSpecificChecksTests.test_check_field 8af78d',
    'Model.check check_framework.Model check_framework.test_model_field_deprecation.TestDeprecatedField.test_default_details c346c3',
    'Model.check check_framework.Model check_framework.test_model_field_deprecation.TestRemovedField.test_default_details 1372cc',
    'Model.check check_framework.Model check_framework.test_model_field_deprecation.TestRemovedField.test_user_specified_details 46fe6f',
    'Model.check indexes.Article 12e304',
    'Model.check invalid_models_tests.Model invalid_models_tests.test_models.OtherModelTests.test_ordering_allows_registered_lookups 3c1ea9',
    'Model.check invalid_models_tests.Model invalid_models_tests.test_models.OtherModelTests.test_property_and_related_field_accessor_clash 0a5859',
    'check_all_models check_framework.tests.CheckFrameworkReservedNamesTests.test_model_check_method_not_shadowed af7b6e',
  ],
  'A setting of another type is refused when settings are loaded.': [
    'check_session_cookie_httponly check_framework.test_security.CheckSessionCookieHttpOnlyTest.test_session_cookie_httponly_with_installed_app_truthy 961db7',
    'check_session_cookie_secure check_framework.test_security.CheckSessionCookieSecureTest.test_session_cookie_secure_with_installed_app_truthy 762003',
  ],
  'The setting itself is not in the line.': [
    'check_secret_key_fallbacks check_framework.test_security.CheckSecretKeyFallbacksTest.test_no_secret_key_fallbacks 0e6190',
    'check_setting_file_upload_temp_dir check_framework.test_files.FilesCheckTests.test_file_upload_temp_dir_nonexistent 4d1d65',
  ],
};
