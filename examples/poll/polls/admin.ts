import * as admin from 'tsango/contrib/admin';
import { Choice, Question } from './models';

class ChoiceInline extends admin.TabularInline<Choice> {
  override readonly model = Choice;
  override extra = 3;
}

class QuestionAdmin extends admin.ModelAdmin<Question> {
  override fieldsets = [
    [null, { fields: ['questionText'] }],
    ['Date information', { fields: ['pubDate'], classes: ['collapse'] }],
  ] as const;
  override inlines = [ChoiceInline];
  override listDisplay = ['questionText', 'pubDate', 'recent'] as const;
  override listFilter = ['pubDate'];
  override searchFields = ['questionText'];

  @admin.display({ boolean: true, ordering: 'pubDate', description: 'Published recently?' })
  recent(question: Question) {
    return question.wasPublishedRecently();
  }
}

admin.site.register(Question, QuestionAdmin);
