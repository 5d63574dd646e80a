import db from '@adonisjs/lucid/services/db';

// As `node ace make:session-table` writes it.
await db.connection().schema.createTable('sessions', (table) => {
  table.string('id').primary();
  table.text('data').notNullable();
  table.string('user_id').nullable().index();
  table.timestamp('expires_at').notNullable().index();
});
