import './base';
import './csrf';
import './sessions';
