import { F } from 'tsango/db/models';
import type { HttpRequest } from 'tsango/http';
import { getObjectOr404, redirect, render } from 'tsango/shortcuts';
import { reverse } from 'tsango/urls';
import { DetailView, ListView } from 'tsango/views/generic';
import { Question } from './models';

export class IndexView extends ListView<Question> {
  override templateName = 'polls/index.html';
  override contextObjectName = 'latest_question_list';

  override getQueryset() {
    return published().orderBy('-pubDate').slice(0, 5);
  }
}

export class QuestionView extends DetailView<Question> {
  override templateName = 'polls/detail.html';

  override getQueryset() {
    return published();
  }
}

export class ResultsView extends DetailView<Question> {
  override templateName = 'polls/results.html';

  override getQueryset() {
    return published();
  }
}

export async function vote(request: HttpRequest, { pk }: { pk: number }) {
  const question = await getObjectOr404(Question, { pk });
  const chosen = question.choiceSet.filter({ pk: Number(request.POST.get('choice') ?? 0) });
  if (!(await chosen.update({ votes: F('votes').add(1) }))) {
    return render(request, 'polls/detail.html', { question, errorMessage: "You didn't select a choice." });
  }
  return redirect(reverse('polls:results', { args: [question.id] }));
}

const published = () => Question.objects.filter({ pubDate__lte: new Date() });
