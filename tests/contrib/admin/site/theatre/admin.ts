import * as admin from 'tsango/contrib/admin';
import { Hall, Seat, Ticket } from './models';

class SeatInline extends admin.TabularInline<Seat> {
  override readonly model = Seat;
  override extra = 1;
  override showChangeLink = true;
}

class HallAdmin extends admin.ModelAdmin<Hall> {
  override inlines = [SeatInline];
}

admin.site.register(Hall, HallAdmin);
admin.site.register(Seat, {
  listDisplay: ['__str__', 'hall', 'guest'],
  listEditable: ['guest'],
  listFilter: ['hall', 'row'],
  searchFields: ['row', 'guest'],
  saveAs: true,
  actions: [admin.exportCsv, admin.exportJson],
  exportFields: ['pk', 'guest'],
});
admin.site.register(Ticket, { listDisplay: ['__str__', 'seat'], readonlyFields: ['seat'] });
