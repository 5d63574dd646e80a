throw new Error('A module that starts with an underscore is no command.');
