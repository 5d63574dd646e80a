'use strict';
/** The user of the benchmark of users: one row of a table in SQLite, read with a prepared statement. */
const { sqlite } = require('./common');

const PASSWORD = 'correct horse';
const NAME = 'ada';

/** Makes the table and its user where there is none. */
function userTable() {
  const db = sqlite();
  db.exec(
    'CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, email TEXT, active INTEGER)',
  );
  db.prepare('INSERT OR IGNORE INTO users VALUES (1, ?, ?, 1)').run(NAME, 'ada@example.com');
  const byId = db.prepare('SELECT * FROM users WHERE id = ?');
  const byName = db.prepare('SELECT * FROM users WHERE username = ?');
  return { byId: (id) => byId.get(id), byName: (name) => byName.get(name) };
}

module.exports = { PASSWORD, NAME, userTable };
