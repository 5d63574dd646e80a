/** Django: `django.contrib.sessions.serializers`. */
export { JSONSerializer, type Serializer, type SerializerClass } from '../../core/signing';
